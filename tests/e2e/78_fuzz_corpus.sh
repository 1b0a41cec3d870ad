# Every input that fuzzing keeps, once more, without a fuzzer or a sanitizer: no crash, no broken promise. (fuzz.sh
# itself starts from them.)
. tests/e2e/lib.sh

for corpus in tests/fuzz/corpus/*/; do
    target=$(basename "$corpus")
    check "$target: $(ls "$corpus" | wc -l) inputs" env TMPDIR="$WORK" timeout 60 "$BUILD/tests/fuzz/$target" "$corpus"*
done
for source in tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    [ -d "tests/fuzz/corpus/$target" ] || not_ok "$target has no corpus"
done
