#!/bin/sh
# run.sh GROUP...: runs groups of tests, each a program that prints TAP, and adds them up.
#   unit         build/tests/test_*, cmocka
#   lint-layers  tests/lint/layers.sh: includes that point upwards; audit_alone.sh: what the audit shares
#   e2e          tests/e2e/[0-9]*.sh
# As many programs side by side as there are processors, those that take longest first.
# Last line: "N passed, N failed". A program that fails without saying which test is one failure.
set -u

one() { # NAME COMMAND...: a line for the program, before it what failed; its sums into $TMPDIR/sums
    name=$1
    shift
    start=$(date +%s)
    out=$TMPDIR/$name.out
    "$@" >"$out" 2>"$TMPDIR/$name.err"
    code=$?
    ok=$(grep -c '^ok ' "$out")
    bad=$(grep -c '^not ok ' "$out")
    said=
    if [ "$bad" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
        bad=1
        said="not ok - $name ended with code $code after $ok tests
"
    fi
    [ "$bad" -eq 0 ] || said=$said$(grep -A12 '^not ok ' "$out"; tail -n 25 "$TMPDIR/$name.err"; echo; echo .)
    printf '%s%-46s %5d passed %4d failed %4d s\n' "${said%.}" "$name" "$ok" "$bad" $(($(date +%s) - start))
    echo "$ok $bad" >>"$TMPDIR/sums"
}
if [ "$1" = --one ]; then
    shift
    one "$@"
    exit
fi

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
LC_ALL=C
TMPDIR=$(mktemp -d)
CMOCKA_MESSAGE_OUTPUT=TAP
export BUILD LC_ALL TMPDIR CMOCKA_MESSAGE_OUTPUT
trap 'rm -rf "$TMPDIR"' EXIT INT TERM

list() { # GROUP: its programs, a line each: name and command
    case $1 in
    unit)
        for test in "$BUILD"/tests/test_*; do
            case $test in *.o | *.d) continue ;; esac
            # A test whose source is gone is a leftover of an earlier build.
            [ -f "tests/unit/$(basename "$test").c" ] && echo "$(basename "$test") $test"
        done
        ;;
    lint-layers)
        echo "layers sh tests/lint/layers.sh"
        echo "audit-alone sh tests/lint/audit_alone.sh"
        ;;
    e2e)
        for test in tests/e2e/[0-9]*.sh; do
            echo "$(basename "$test" .sh) sh $test"
        done
        ;;
    *) echo "run.sh: unknown group $1" >&2; exit 64 ;;
    esac
}

for group in "$@"; do
    list "$group" || exit
done >"$TMPDIR/tests"
# Those that would keep one processor waiting at the end.
LONG="60_random_governments 62_random_series 50_crash 10_sample 45_turnover 48_sample_in_a_row test_engine_random test_engine_within 47_cumulative"
{
    for name in $LONG; do grep "^$name " "$TMPDIR/tests"; done
    grep -vE "^($(echo "$LONG" | tr ' ' '|')) " "$TMPDIR/tests"
} >"$TMPDIR/order"
xargs -P "$(nproc)" -L 1 sh "$0" --one <"$TMPDIR/order"
awk '{ passed += $1; failed += $2 }
     END { printf "%d passed, %d failed\n", passed, failed; exit !(passed && !failed) }' "$TMPDIR/sums"
