#!/bin/sh
# make bench PART=pipeline: medians of five runs, beside an alternative in the same session.
#   stages   each stage on the sample, by hand: seconds and peak memory
#   run      the whole run, and the same counts by the sqlite3 command line (no pseudonyms, no encryption,
#            no suppression): the ratio is what to compare, seconds depend on the machine
set -eu
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PATH=$BUILD/bin:$PATH
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT INT TERM
RUNS=5

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
measure() { # LABEL COMMAND...: "seconds kilobytes" of one run, appended to $WORK/LABEL
    label=$1
    shift
    /usr/bin/time -f '%e %M' -o "$WORK/time" "$@" >/dev/null
    tail -1 "$WORK/time" >>"$WORK/$label"
}
row() { # LABEL
    printf '  %-14s %8s s %8s kB\n' "$1" "$(cut -d' ' -f1 "$WORK/$1" | median)" "$(cut -d' ' -f2 "$WORK/$1" | median)"
}

mkdir -p "$WORK/config" "$WORK/keys"
cp config/*.ini config/*.csv "$WORK/config"
herkomst-sample --out "$WORK/inputs" >/dev/null
herkomst keygen "$WORK/keys/pseudonym.key"
herkomst keygen --signing "$WORK/keys/signing.key"
herkomst keygen --recipient "$WORK/r.key"
ini=$WORK/config/vlaanderen.ini
echo "sample: $(cat "$WORK"/inputs/personnel/*.csv | wc -l) personnel rows, $(wc -l <"$WORK/inputs/register.csv") register rows; $(nproc) processors; medians of $RUNS"
i=0
while [ $i -lt $RUNS ]; do
    i=$((i + 1))
    rm -rf "$WORK/w" "$WORK/releases"
    mkdir "$WORK/w"
    for stage in pseudonymise link derive aggregate suppress publish; do
        mkdir -p "$WORK/releases"
        measure "$stage" "herkomst-$stage" "$ini" --work "$WORK/w" --key-file "$WORK/r.key" --quiet
    done
    rm -rf "$WORK/releases"
    measure run herkomst run "$ini" --quiet
    measure audit herkomst audit "$WORK/releases/2017-12-31" --public-key "$WORK/keys/signing.key.pub"
    measure sqlite3 sh tests/e2e/recount.sh "$WORK/inputs" 2017-12-31
done
for label in pseudonymise link derive aggregate suppress publish audit run sqlite3; do row $label; done
echo "  run / sqlite3's plain counts: $(paste -d' ' "$WORK/run" "$WORK/sqlite3" | awk '{ printf "%.2f\n", $1 / $3 }' | median)"
