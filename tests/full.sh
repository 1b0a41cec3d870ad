#!/bin/sh
# make check-full: all tests plain, then the unit tests under AddressSanitizer and UBSan (gcc and clang),
# the quick end-to-end tests under the same, thread tests under TSan, and the fuzz targets.
#   FUZZ_SECONDS=60   seconds for each fuzz target
#   TAMPER_SAMPLE=2   bytes of each file of the sample's release in which bits are changed
set -u
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
sample_bytes=${TAMPER_SAMPLE:-2}
unset TAMPER_SAMPLE # for its own part alone
failures=0
part() { # NAME COMMAND...
    name=$1
    shift
    echo "== $name"
    "$@" || { echo "== $name FAILED"; failures=$((failures + 1)); }
}
sanitized() { # NAME COMPILER MAKE-VARIABLES...
    name=$1
    compiler=$2
    shift 2
    b=$BUILD/$name
    make --no-print-directory -j2 BUILD="$b" CC="$compiler" "$@" programs unit-tests >"$BUILD/$name.log" 2>&1 ||
        { tail -5 "$BUILD/$name.log"; return 1; }
    BUILD=$b sh tests/run.sh unit
}
mkdir -p "$BUILD"
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS="suppressions=$PWD/tests/lint/leaks.txt:print_suppressions=0"
export TSAN_OPTIONS="suppressions=$PWD/tests/lint/races.txt:print_suppressions=0"
part "plain" make --no-print-directory BUILD="$BUILD" check
part "gcc, address and undefined behaviour" sanitized asan-gcc gcc asan=1 ubsan=1
part "clang, address and undefined behaviour" sanitized asan-clang clang asan=1 ubsan=1
part "gcc, threads" sanitized tsan gcc tsan=1
for e2e in 20_determinism 40_bad_input; do
    part "$e2e under asan-gcc" env BUILD="$BUILD/asan-gcc" sh -c "sh tests/e2e/$e2e.sh >'$BUILD/$e2e.asan.log' 2>&1; ! grep '^not ok\|ERROR: ' '$BUILD/$e2e.asan.log'"
done
part "many governments, three releases in a row" env GOVERNMENTS=60 BUILD="$BUILD" sh -c \
    "sh tests/e2e/62_random_series.sh >'$BUILD/series.log'; grep '^# \|^not ok' '$BUILD/series.log'; ! grep -q '^not ok' '$BUILD/series.log'"
part "every byte of a release changed" env BUILD="$BUILD" TAMPER_EVERY=1 HOSTILE_ALL=1 TAMPER_SAMPLE="$sample_bytes" sh -c \
    "sh tests/e2e/75_tamper.sh >'$BUILD/tamper.log'; grep '^# \|^not ok' '$BUILD/tamper.log'; ! grep -q '^not ok' '$BUILD/tamper.log'"
part "every page in the browser" env ALL_PAGES=1 BUILD="$BUILD" sh -c "sh tests/e2e/55_reports.sh >'$BUILD/pages.log' 2>&1; ! grep '^not ok' '$BUILD/pages.log'"
part "fuzzing" env BUILD="$BUILD" sh tests/fuzz/fuzz.sh
echo "check-full: $failures parts failed"
[ "$failures" -eq 0 ]
