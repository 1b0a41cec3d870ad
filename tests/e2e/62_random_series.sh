# Random small governments in which people come and go and entities merge, three releases in a row, with all
# kinds of rules: each is refused, or an independent attacker with all of them finds no hidden figure out.
# (That what is refused is impossible: tests/unit/test_over_time.c, where all tables can be looked at.)
. tests/e2e/lib.sh

GOVERNMENTS=${GOVERNMENTS:-6}
one() { # SEED: a word for each release, or what went wrong
    seed=$1
    dir=$WORK/g$seed
    mkdir -p "$dir/config" "$dir/keys"
    cp config/*.ini config/*.csv "$dir/config/"
    herkomst keygen "$dir/keys/pseudonym.key" >/dev/null
    herkomst keygen --signing "$dir/keys/signing.key" >/dev/null
    staff=$((20 + seed * 7919 % 70))
    set -- --set disclosure.suppress_effort=$((seed % 3 * 20000)) --set disclosure.threshold=$((3 + seed % 4))
    [ $((seed % 4)) -eq 1 ] && set -- "$@" --set disclosure.zeros=publish
    [ $((seed % 5)) -eq 2 ] && set -- "$@" --set disclosure.turnover_threshold=0
    [ $((seed % 3)) -eq 2 ] && set -- "$@" --set disclosure.protection_width=$((2 + seed % 5))
    folders=
    for date in 2017-06-30 2017-12-31 2018-06-30; do
        rm -rf "$dir/inputs"
        herkomst-sample --out "$dir/inputs" --events --date $date --staff $staff --population $((staff * 4)) \
            --entities $((2 + seed * 31 % 4)) --seed "$seed" >/dev/null 2>&1 || { echo "seed $seed: no sample"; return; }
        herkomst run "$dir/config/vlaanderen.ini" --quiet --threads 1 --set run.max_rejected=20% \
            --set run.reference_date=$date "$@" >/dev/null 2>"$dir/err"
        code=$?
        if [ $code -eq 1 ] && [ -n "$folders" ] && grep -q "whatever is hidden now" "$dir/err"; then
            echo refused
        elif [ $code -ne 0 ]; then
            echo "seed $seed: $date ended with $code: $(head -c 300 "$dir/err")"
        else
            folders="$folders $dir/releases/$date"
            echo released
            [ $date = 2017-06-30 ] || "$BUILD/tests/tools/attacker" $folders >"$dir/attack" 2>&1 ||
                echo "seed $seed: $date: attacker: $(tail -n 1 "$dir/attack")"
        fi
    done
    rm -rf "$dir"
}
seeds "$GOVERNMENTS" >"$WORK/all"
released=$(grep -c '^released$' "$WORK/all") refused=$(grep -c '^refused$' "$WORK/all")
if grep '^seed ' "$WORK/all" >"$WORK/wrong"; then
    not_ok "$GOVERNMENTS random governments in a row: $(wc -l <"$WORK/wrong") went wrong"
    sed 's/^/# /' "$WORK/wrong" | head -10
else
    ok "$GOVERNMENTS random governments in a row: $released releases, nothing unprotected; $refused refused"
fi
[ "$released" -gt "$GOVERNMENTS" ] && ok "more than the first ones are released" || not_ok "only $released are released"
