#!/bin/sh
# Builds and runs the libFuzzer targets, two at a time; a crash, a leak, a broken promise, 10 seconds
# or 1 GB for one input fails. FUZZ_SECONDS (60): for each target. FUZZ_TARGETS: only these. Each
# starts from the test vectors and tests/fuzz/corpus/TARGET, to which nothing is written; what is
# found stays in BUILD/fuzz. FUZZ_MERGE=1: instead, adds to tests/fuzz/corpus, of what was found there, a
# few inputs that reach all code that is reached.
set -u
BUILD=${BUILD:-build}
seconds=${FUZZ_SECONDS:-60}
out=$BUILD/fuzz
mkdir -p "$out"
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
targets=${FUZZ_TARGETS:-$(for t in tests/fuzz/fuzz_*.c; do basename "$t" .c; done)}
san="address,undefined -fno-sanitize-recover=undefined"
failed=0
export LSAN_OPTIONS="suppressions=$PWD/tests/lint/leaks.txt:print_suppressions=0"
make --no-print-directory -j2 BUILD="$out" CC=clang OPTIMISE="-O1 -g" \
    HARDEN= SANITIZE="-fsanitize=fuzzer-no-link,$san" "$out/libherkomst.a" >"$out/build.log" 2>&1 ||
    { cat "$out/build.log"; echo "not ok - the library does not build for fuzzing"; exit 1; }
for name in $targets; do
    clang -std=c11 -D_GNU_SOURCE -Iinclude -g -O1 -fsanitize=fuzzer,$san -o "$out/$name" \
        "tests/fuzz/$name.c" "$out/libherkomst.a" -lsodium -lsqlite3 -lcsv -linih -ljansson -lexpat -lzip -lxlsxwriter -lglpk \
        -lClp -lm -pthread || { echo "not ok - $name does not build"; exit 1; }
done

seeds() { # TARGET: the folders that it starts from
    case $1 in
    fuzz_csv) echo tests/vectors/csv ;;
    fuzz_config) echo config tests/vectors/config ;;
    fuzz_signature) echo tests/vectors/signatures ;;
    esac
    [ ! -d "tests/fuzz/corpus/$1" ] || echo "tests/fuzz/corpus/$1"
}
run() { # TARGET
    name=$1
    mkdir -p "$out/corpus-$name"
    ASAN_OPTIONS=quarantine_size_mb=1 TMPDIR=$work "$out/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -max_len=8192 -artifact_prefix="$out/$name-" "$out/corpus-$name" $(seeds "$name") \
        >"$out/$name.log" 2>&1
    code=$?
    runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$out/$name.log")
    if [ $code -eq 0 ]; then echo "ok - $name: ${runs:-0} runs"; else
        echo "not ok - $name"
        tail -5 "$out/$name.log"
    fi
}
merge() { # TARGET; by code reached alone: how often would keep ten times as many
    mkdir -p "tests/fuzz/corpus/$1"
    TMPDIR=$work "$out/$1" -set_cover_merge=1 -use_counters=0 -max_len=8192 "tests/fuzz/corpus/$1" "$out/corpus-$1" >"$out/$1.log" 2>&1 ||
        echo "not ok - $1 cannot be merged"
    echo "ok - $1: $(ls "tests/fuzz/corpus/$1" | wc -l) inputs"
}
if [ -n "${FUZZ_MERGE:-}" ]; then
    for name in $targets; do merge "$name"; done
    exit
fi
set -- $targets
while [ $# -gt 0 ]; do
    run "$1" >"$out/a.txt" &
    : >"$out/b.txt"
    [ $# -eq 1 ] || run "$2" >"$out/b.txt"
    wait
    cat "$out/a.txt" "$out/b.txt"
    ! grep -q '^not ok' "$out/a.txt" "$out/b.txt" || failed=1
    shift
    [ $# -eq 0 ] || shift
done
exit $failed
