#!/bin/sh
# run.sh GROUP...: runs groups of tests, each a program that prints TAP, and adds them up.
#   unit         build/tests/test_*, cmocka
#   lint-layers  tests/lint/layers.sh: includes that point upwards; audit_alone.sh: what the audit shares
#   e2e          tests/e2e/[0-9]*.sh
# Last line: "N passed, N failed". A program that fails without saying which test is one failure.
set -u
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
export BUILD
LC_ALL=C
export LC_ALL
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT INT TERM
passed=0
failed=0

one() { # NAME COMMAND...
    name=$1
    shift
    start=$(date +%s)
    "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"
    code=$?
    ok=$(grep -c '^ok ' "$TMPDIR/out")
    bad=$(grep -c '^not ok ' "$TMPDIR/out")
    if [ "$bad" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
        bad=1
        echo "not ok - $name ended with code $code after $ok tests"
    fi
    if [ "$bad" -ne 0 ]; then
        grep -A12 '^not ok ' "$TMPDIR/out"
        tail -n 25 "$TMPDIR/err"
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    printf '%-46s %5d passed %4d failed %4d s\n' "$name" "$ok" "$bad" $(($(date +%s) - start))
}

CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
for group in "$@"; do
    case $group in
    unit)
        for test in "$BUILD"/tests/test_*; do
            case $test in *.o | *.d) continue ;; esac
            # A test whose source is gone is a leftover of an earlier build.
            [ -f "tests/unit/$(basename "$test").c" ] && one "$(basename "$test")" "$test"
        done
        ;;
    lint-layers)
        one layers sh tests/lint/layers.sh
        one audit-alone sh tests/lint/audit_alone.sh
        ;;
    e2e)
        for test in tests/e2e/[0-9]*.sh; do
            one "$(basename "$test" .sh)" sh "$test"
        done
        ;;
    *) echo "run.sh: unknown group $group" >&2; exit 64 ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
