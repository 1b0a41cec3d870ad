#!/bin/sh
# make bench PART=national: a made-up country, from CSV files to a signed release, beside DuckDB doing its
# part of the work in the same session, in turn. PEOPLE="1000000 3000000 12000000": the sizes, the last one
# the largest; RUNS=5; ALTERNATIVES="sha256 md5"; STAFF=45000 adds so many staff against the largest
# register; BEYOND=50000000: one run without alternatives, where the disk has room for it. BOUNDED="512M" and
# BOUNDED_BEYOND="4G 1G": the same again with so much memory, for the largest and for BEYOND.
# DuckDB comes from npm, into the bench's own folder; without npm the ratios are left out. Inputs are made
# once for each size, in FOLDER (default: a folder beside the build that is kept).
# What to compare are ratios: of seconds, and of CPU seconds, which others on the machine disturb less.
set -eu
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PATH=$BUILD/bin:$PATH
HERE=$(cd "$(dirname "$0")" && pwd)
FOLDER=${FOLDER:-$BUILD/bench-national}
RUNS=${RUNS:-5}
PEOPLE=${PEOPLE:-1000000 3000000 12000000}
BEYOND=${BEYOND:-50000000}
BOUNDED=${BOUNDED-512M}
BOUNDED_BEYOND=${BOUNDED_BEYOND-4G 1G}
ALTERNATIVES=${ALTERNATIVES:-sha256 md5}
STAFF=${STAFF:-45000}
mkdir -p "$FOLDER/config" "$FOLDER/keys" "$FOLDER/before"
trap 'rm -rf "$FOLDER/before"' EXIT
cp config/*.ini config/*.csv "$FOLDER/config"
[ -f "$FOLDER/keys/pseudonym.key" ] || herkomst keygen "$FOLDER/keys/pseudonym.key"
[ -f "$FOLDER/keys/signing.key" ] || herkomst keygen --signing "$FOLDER/keys/signing.key"
export DUCKDB_FROM="$FOLDER/duckdb"
if ! [ -d "$DUCKDB_FROM/node_modules/@duckdb" ]; then
    mkdir -p "$DUCKDB_FROM"
    (cd "$DUCKDB_FROM" && npm install --silent --no-save --prefix . @duckdb/node-api >/dev/null 2>&1) ||
        { echo "  no DuckDB: npm cannot install @duckdb/node-api"; ALTERNATIVES=; }
fi

median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'; }
column() { # FILE N: the median of a column
    cut -d' ' -f"$2" "$1" | median
}
measure() { # LABEL COMMAND...: appends "seconds CPU-seconds peak-MB" of one run to FOLDER/LABEL
    to=$1
    shift
    /usr/bin/time -f '%e %U %S %M' -o "$FOLDER/time" "$@" >"$FOLDER/out" || { cat "$FOLDER/out"; exit 1; }
    tail -1 "$FOLDER/time" | awk '{ printf "%s %.2f %.0f\n", $1, $2 + $3, $4 / 1024 }' >>"$FOLDER/$to"
}
run() { # LABEL OPTION...: the whole run; the stages' figures go to FOLDER/stages
    label=$1
    shift
    # Removed at the end only: ext4 takes long to find an inode beside many that were just given back.
    [ ! -d "$FOLDER/releases" ] || mv "$FOLDER/releases" "$FOLDER/before/$(ls "$FOLDER/before" | wc -l)"
    rm -rf "$FOLDER/quality"
    measure "$label" herkomst run "$FOLDER/config/national.ini" --quiet --profile "$@"
    awk -v label="$label" 'NR > 1 && $1 != "all" { print label, $1, $2, $3, $4, $5, $6, $7 }' "$FOLDER/out" >>"$FOLDER/stages"
    # The driver's own memory says nothing: the largest stage's counts.
    peak=$(awk '/^all stages/ { printf "%.0f", $7 }' "$FOLDER/out")
    sed -i "\$s/ [0-9]*\$/ $peak/" "$FOLDER/$label"
}
row() { # LABEL TEXT
    printf '  %-34s %8.2f s %8.2f CPU s %7.0f MB\n' "$2" "$(column "$FOLDER/$1" 1)" "$(column "$FOLDER/$1" 2)" "$(column "$FOLDER/$1" 3)"
}
ratio() { # LABEL OTHER: medians of the ratios of each pair of runs
    paste -d' ' "$FOLDER/$1" "$FOLDER/$2" |
        awk '{ printf "%.2f %.2f\n", $4 / $1, $5 / $2 }' >"$FOLDER/ratio"
    echo "$(column "$FOLDER/ratio" 1) times in seconds, $(column "$FOLDER/ratio" 2) times in CPU seconds"
}
stage_rows() { # LABEL
    awk -v label="$1" '$1 == label { print $2 }' "$FOLDER/stages" | awk '!seen[$1]++' | while read -r stage; do
        awk -v label="$1" -v stage="$stage" '$1 == label && $2 == stage' "$FOLDER/stages" >"$FOLDER/of-stage"
        printf '    %-14s %12.0f rows %8.2f s %8.2f CPU s %8.1f MB/s %7.0f MB %8.1f MB out\n' "$stage" \
            "$(column "$FOLDER/of-stage" 3)" "$(column "$FOLDER/of-stage" 4)" "$(column "$FOLDER/of-stage" 5)" \
            "$(column "$FOLDER/of-stage" 6)" "$(column "$FOLDER/of-stage" 7)" "$(column "$FOLDER/of-stage" 8)"
    done
}
compare() { # LABEL INPUTS OPTION...
    what=$1
    inputs=$2
    shift 2
    rm -f "$FOLDER/$what" "$FOLDER/$what".*
    ln -sfn "$inputs" "$FOLDER/inputs"
    cat "$inputs"/*.csv >/dev/null # the page cache is warm for everybody
    i=0
    while [ $i -lt "$RUNS" ]; do
        i=$((i + 1))
        run "$what" "$@"
        for hash in $ALTERNATIVES; do measure "$what.$hash" node "$HERE/duckdb.mjs" "$inputs" "$hash"; done
    done
    row "$what" "herkomst run"
    stage_rows "$what"
    for hash in $ALTERNATIVES; do
        row "$what.$hash" "DuckDB, keyed $hash, its part"
        echo "    DuckDB / herkomst: $(ratio "$what" "$what.$hash")"
    done
}

in_less() { # LABEL SIZE...: the inputs of the last compare again, in so much memory; the bytes are the same
    what=$1
    shift
    digest=$(cat "$FOLDER/releases"/*/SHA256SUMS | sha256sum)
    for size in "$@"; do
        rm -f "$FOLDER/$what-$size"
        i=0
        while [ $i -lt "$RUNS" ]; do
            i=$((i + 1))
            run "$what-$size" --memory "$size"
        done
        row "$what-$size" "herkomst run --memory $size"
        stage_rows "$what-$size"
        [ "$(cat "$FOLDER/releases"/*/SHA256SUMS | sha256sum)" = "$digest" ] || echo "    OTHER BYTES"
    done
}

make_country() { # PEOPLE
    [ -d "$FOLDER/country-$1" ] && return
    rm -rf "$FOLDER/country-$1.part"
    start=$(date +%s)
    herkomst-sample --national "$1" --out "$FOLDER/country-$1.part"
    mv "$FOLDER/country-$1.part" "$FOLDER/country-$1"
    echo "  made $1 people in $(($(date +%s) - start)) s"
}
pseudonymise_alone() { # the stage, and the same without hashing and encryption
    [ -f "$FOLDER/recipient" ] || herkomst keygen --recipient "$FOLDER/recipient"
    rm -f "$FOLDER/hashed" "$FOLDER/plain"
    i=0
    while [ $i -lt "$RUNS" ]; do
        i=$((i + 1))
        rm -rf "$FOLDER/work" "$FOLDER/quality"
        mkdir "$FOLDER/work"
        measure hashed herkomst-pseudonymise "$FOLDER/config/national.ini" --work "$FOLDER/work" \
            --key-file "$FOLDER/recipient" --quiet
        rm -rf "$FOLDER/work"
        measure plain "$BUILD/tests/tools/plain_pseudonymise" "$FOLDER/config/national.ini" "$FOLDER/plain.out" "$(nproc)"
        rm -f "$FOLDER/plain.out"
    done
    row hashed "pseudonymise"
    row plain "without hashing and encryption"
    echo "    speed of the one by that of the other: $(ratio hashed plain)"
}

: >"$FOLDER/stages"
echo "national: $(nproc) processors, medians of $RUNS"
largest=
biggest=
for people in $PEOPLE; do
    inputs=$FOLDER/country-$people
    make_country "$people"
    echo " $people people, $people employments"
    compare "all-$people" "$inputs"
    largest=$inputs
    biggest=$people
done
in_less "all-$biggest" $BOUNDED
pseudonymise_alone
i=0
rm -f "$FOLDER/csv"
while [ $i -lt "$RUNS" ]; do
    i=$((i + 1))
    "$BUILD/tests/tools/csv_speed" "$largest/register.csv" "$largest/employments.csv" >>"$FOLDER/csv"
done
echo " CSV reading, one thread: strict $(column "$FOLDER/csv" 1) CPU s, bare libcsv $(column "$FOLDER/csv" 2) CPU s"
if [ "$STAFF" -gt 0 ]; then
    # Somebody's staff: the first employments of the country, against the whole register.
    inputs=$largest-staff
    mkdir -p "$inputs"
    ln -f "$largest/register.csv" "$largest/entities.csv" "$inputs/" # a stage may not follow links out of it
    head -n $((STAFF + 1)) "$largest/employments.csv" >"$inputs/employments.csv"
    # So few people in so many cells would be a task for suppression alone: by sector and origin only.
    echo " $STAFF employments, $(basename "$largest" | sed 's/country-//') people; origin alone"
    compare staff "$inputs" --set "table origin-sex.variables=origin" \
        --set "table origin-age.variables=origin" --set "table origin-region.variables=origin"
fi
# In all: inputs of 119 bytes a person, and a little more than a third of that for what is between stages.
if [ "$BEYOND" -gt 0 ] && [ "$(df -k "$FOLDER" | awk 'NR == 2 { print $4 }')" -gt $((BEYOND / 1000 * 180)) ]; then
    make_country "$BEYOND"
    echo " $BEYOND people, $BEYOND employments, once"
    RUNS=1
    ALTERNATIVES=
    compare "all-$BEYOND" "$FOLDER/country-$BEYOND"
    in_less "all-$BEYOND" $BOUNDED_BEYOND
fi
