# Same inputs, keys, configuration and software: the same bytes, whatever the threads, the order of
# input rows, the locale, the time zone, the folder, the umask.
. tests/e2e/lib.sh

base=$WORK/base
check "a small government" government "$base" --staff 700 --population 2500 --entities 9 --seed 7
run() { # NAME DIR COMMAND-PREFIX...
    name=$1
    dir=$2
    shift 2
    if "$@" herkomst run "$dir/config/vlaanderen.ini" --output "$dir/$name" --quiet $threads \
        --set disclosure.suppress_effort=50000; then
        digest=$(tree_digest "$dir/$name/2017-12-31")
        first=${first:-$digest}
        same "$digest" "$first" "$name: the same bytes"
    else
        not_ok "$name: the run failed"
    fi
}
first=
threads="--threads 1"
run one-thread "$base" env
run again "$base" env
threads="--threads 2"
run two-threads "$base" env
threads="--threads 5"
run five-threads "$base" env
threads=
run turkish "$base" env LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8
run tokyo "$base" env TZ=Asia/Tokyo
run umask "$base" sh -c 'umask 000; exec "$@"' sh
run no-aslr "$base" setarch -R

# The same people in another order, spread over other files, in another folder.
other="$WORK/another folder"
mkdir -p "$other"
cp -r "$base/config" "$base/keys" "$other/"
mkdir -p "$other/inputs/personnel"
for file in "$base"/inputs/*.csv; do
    { head -1 "$file"; tail -n +2 "$file" | sort -R --random-source=/dev/zero; } >"$other/inputs/$(basename "$file")"
done
# each personnel file in two, its rows in another order, under another name
for file in "$base"/inputs/personnel/*.csv; do
    name=$(basename "$file" .csv)
    tail -n +2 "$file" | sort -R --random-source=/dev/zero >"$WORK/rows"
    for half in 0 1; do
        { head -1 "$file"; awk -v half=$half 'NR % 2 == half' "$WORK/rows"; } >"$other/inputs/personnel/$half-$name.csv"
    done
done
run "shuffled rows, other files, other folder" "$other" env
check "the result really has cells" grep -q ',total,' "$base/again/2017-12-31/tables/origin.csv"
mode=$(stat -c %a "$base/umask/2017-12-31/manifest.json" "$base/umask/2017-12-31" | tr '\n' ' ')
same "$mode" "644 755 " "a published file is 0644 and its folder 0755, whatever the umask"
