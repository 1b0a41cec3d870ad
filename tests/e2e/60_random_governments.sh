# A hundred random small governments, with all kinds of rules: every release passes its own audit, and an
# independent attacker (GLPK over the published CSV files alone) finds no hidden cell unprotected.
. tests/e2e/lib.sh

GOVERNMENTS=${GOVERNMENTS:-100}
one() { # SEED: prints nothing, or what went wrong
    seed=$1
    dir=$WORK/g$seed
    staff=$((16 + seed * 7919 % 75))
    entities=$((2 + seed * 31 % 4))
    set -- --set disclosure.suppress_effort=$((seed % 3 * 20000 + 1)) --set disclosure.threshold=$((2 + seed % 7))
    [ $((seed % 4)) -eq 1 ] && set -- "$@" --set disclosure.zeros=publish
    [ $((seed % 5)) -eq 2 ] && set -- "$@" --set disclosure.minimum_population=20
    [ $((seed % 7)) -eq 3 ] && set -- "$@" --set disclosure.protection=exact
    [ $((seed % 3)) -eq 2 ] && set -- "$@" --set disclosure.protection_width=$((1 + seed % 9))
    government "$dir" --staff $staff --population $((staff * 4)) --entities $entities --seed "$seed" >/dev/null 2>&1 ||
        { echo "seed $seed: no sample"; return; }
    herkomst run "$dir/config/vlaanderen.ini" --quiet --threads 1 --set run.max_rejected=20% "$@" >/dev/null 2>"$dir/err" ||
        { echo "seed $seed: run: $(head -c 200 "$dir/err")"; return; }
    "$BUILD/tests/tools/attacker" "$dir/releases/2017-12-31" >"$dir/attack" 2>&1 ||
        echo "seed $seed: attacker: $(tail -n 1 "$dir/attack")"
    rm -rf "$dir"
}
seeds "$GOVERNMENTS" >"$WORK/wrong"
if [ -s "$WORK/wrong" ]; then
    not_ok "$GOVERNMENTS random governments: $(wc -l <"$WORK/wrong") went wrong"
    sed 's/^/# /' "$WORK/wrong" | head -10
else
    ok "$GOVERNMENTS random governments: nothing unprotected"
fi
