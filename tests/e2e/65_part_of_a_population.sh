# Tables of managers within those of all staff (within = TABLE), where the managers' origin and sex are
# published apart and the staff's together: each manager is one of the staff, in every crossing.
. tests/e2e/lib.sh
root=$PWD

# managers DIR: adds the two tables to the sample's configuration there
managers() {
    cat >>"$1/config/vlaanderen.ini" <<'INI'

[table managers]
population = employment = 'staff' AND management IN ('top', 'middle')
variables = origin
within = origin

[table managers-by-sex]
population = employment = 'staff' AND management IN ('top', 'middle')
variables = sex
within = origin
INI
}

for seed in 1 2 3 4; do
    government "$WORK/$seed" --staff $((seed * 150)) --population $((seed * 700)) --entities $((2 + seed)) --seed $seed >/dev/null
    managers "$WORK/$seed"
    cd "$WORK/$seed" || exit 1
    exits 0 "managers within staff, seed $seed" herkomst run config/vlaanderen.ini --quiet --set run.max_rejected=20%
    check "its audit" herkomst audit releases/2017-12-31 --public-key keys/signing.key.pub
    cd "$root" || exit 1
done
release=$WORK/4/releases/2017-12-31
grep -q '"managers<staff|[a-z]*:[A-Z0-9-]*|origin=foreign|sex=f":' "$release/certificate.json" &&
    ok "the proof bounds what nobody publishes" || not_ok "the proof bounds what nobody publishes"
