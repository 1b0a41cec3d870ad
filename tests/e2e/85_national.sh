# A country by the federal monitoring's twelve groups (config/national.ini), from files so large that they are
# read in parts: the counts are those of a plain recount, and the same bytes come out whatever the threads
# and the order of rows. Only the table by sector and origin, so that suppression has little to do.
. tests/e2e/lib.sh

mkdir -p "$WORK/config" "$WORK/keys"
cp config/national.ini config/countries.csv "$WORK/config/"
check "a country" herkomst-sample --national 120000 --out "$WORK/inputs"
check "its files are read in parts" test "$(stat -c %s "$WORK/inputs/employments.csv")" -gt 4194304
check "a key" herkomst keygen "$WORK/keys/pseudonym.key"
check "a signing key" herkomst keygen --signing "$WORK/keys/signing.key"
run() { # NAME OPTION...
    name=$1
    shift
    exits 0 "$name" herkomst run "$WORK/config/national.ini" --output "$WORK/$name" --quiet \
        --set "table origin-sex.variables=origin" --set "table origin-age.variables=origin" \
        --set "table origin-region.variables=origin" "$@"
}
run one-thread --threads 1
digest=$(tree_digest "$WORK/one-thread/2017-12-31")
run three-threads --threads 3 --profile
same "$(tree_digest "$WORK/three-threads/2017-12-31")" "$digest" "three threads: the same bytes"
same "$(awk 'NR == 1 { print $1, $2, $3 } $1 == "pseudonymise" { print $2 } $1 == "all" { print NF }' "$WORK/.out" |
    tr '\n' ' ')" "stage rows seconds $((2 * 120000 + 88 + 250)) 8 " "--profile: a line a stage, and how many rows"
for file in register employments; do
    (head -n 1 "$WORK/inputs/$file.csv" && tail -n +2 "$WORK/inputs/$file.csv" | tac) >"$WORK/turned"
    mv "$WORK/turned" "$WORK/inputs/$file.csv"
done
run turned-round
same "$(tree_digest "$WORK/turned-round/2017-12-31")" "$digest" "rows in another order: the same bytes"
exits 0 "the audit" herkomst audit "$WORK/one-thread/2017-12-31" --public-key "$WORK/keys/signing.key.pub"

python3 tests/e2e/recount_national.py "$WORK/inputs" config/countries.csv | sort >"$WORK/recount"
awk -F, 'NR > 1 && ($2 == "entity" || $2 == "government") && $6 == "" && $4 != "foreign" && $5 > 0 {
    print $3 "," $4 "," $5 }' "$WORK/one-thread/2017-12-31/tables/origin-sex.csv" | sort >"$WORK/published"
same "$(comm -13 "$WORK/recount" "$WORK/published" | head -3)" "" "every published count is the recount's"
check "and there are many of them" test "$(wc -l <"$WORK/published")" -gt 500
