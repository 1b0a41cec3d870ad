#!/bin/sh
# Builds and runs the libFuzzer targets, two at a time; a crash, a leak or a time-out fails.
# FUZZ_SECONDS (60): for each target. Seeds: the test vectors.
set -u
BUILD=${BUILD:-build}
seconds=${FUZZ_SECONDS:-60}
out=$BUILD/fuzz
mkdir -p "$out"
library=$(ls pipeline/base/*.c pipeline/io/*.c pipeline/secure/*.c pipeline/tables/*.c pipeline/link/*.c)
failed=0
for target in tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    clang -std=c11 -D_GNU_SOURCE -Iinclude -g -O1 -fsanitize=fuzzer,address,undefined -o "$out/$name" "$target" \
        $library -lsodium -lsqlite3 -lcsv -linih -ljansson -lm -pthread || { echo "not ok - $name does not build"; failed=1; continue; }
done
run() {
    name=$1
    mkdir -p "$out/corpus-$name"
    TMPDIR=$out "$out/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=4096 \
        -artifact_prefix="$out/$name-" "$out/corpus-$name" >"$out/$name.log" 2>&1
    code=$?
    runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$out/$name.log")
    if [ $code -eq 0 ]; then echo "ok - $name: ${runs:-0} runs"; else
        echo "not ok - $name"
        tail -5 "$out/$name.log"
    fi
}
set -- $(for t in tests/fuzz/fuzz_*.c; do basename "$t" .c; done)
while [ $# -gt 0 ]; do
    run "$1" >"$out/a.txt" &
    [ $# -gt 1 ] && run "$2" >"$out/b.txt" || : >"$out/b.txt"
    wait
    cat "$out/a.txt" "$out/b.txt"
    grep -q '^not ok' "$out/a.txt" "$out/b.txt" && failed=1
    shift
    [ $# -gt 0 ] && shift
done
exit $failed
