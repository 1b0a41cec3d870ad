# What the build makes.
. tests/e2e/lib.sh

# A header that changed makes anew what includes it, whichever way the build folder is written.
object=obj/pipeline/base/err.o
make -s BUILD="$WORK/b" "$WORK/b/$object" >/dev/null
relative=$(realpath --relative-to=. "$WORK/b")
for build in "$WORK/b" "$relative"; do
    make -n BUILD="$build" "$build/$object" >"$WORK/plan"
    check "up to date" sh -c '! grep -q "pipeline/base/err.c" "$0"' "$WORK/plan"
    make -n -W include/base/err.h BUILD="$build" "$build/$object" >"$WORK/plan"
    check "made anew" grep -q "pipeline/base/err.c" "$WORK/plan"
done

# Programs with the solver have libquadmath too, which must find our register_printf_type, and not the C library's
# (pipeline/run/program.c).
for program in publish suppress audit; do
    check "$program leaves printf fast" sh -c 'nm -D "$0" | grep -q " T register_printf_type$"' "$(command -v herkomst-$program)"
done
