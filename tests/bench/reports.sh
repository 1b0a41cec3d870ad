#!/bin/sh
# make bench PART=reports: publish with the reports of every unit in four languages, in one, and what they
# take: medians of five, side by side, since the machine may be busy with other work. Publish reads its
# reports back (the audit's rule), which is in its time. Below: the pages' sizes, and whether two runs wrote
# the same bytes.
set -eu
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PATH=$BUILD/bin:$PATH
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT INT TERM
RUNS=5

mkdir -p "$WORK/config" "$WORK/keys" "$WORK/w"
cp config/*.ini config/*.csv "$WORK/config"
herkomst-sample --out "$WORK/inputs" >/dev/null
herkomst keygen "$WORK/keys/pseudonym.key"
herkomst keygen --signing "$WORK/keys/signing.key"
herkomst keygen --recipient "$WORK/r.key"
stage() { # NAME LANGUAGES
    "herkomst-$1" "$WORK/config/vlaanderen.ini" --work "$WORK/w" --key-file "$WORK/r.key" --quiet --set "run.languages=$2"
}
publish() { # LANGUAGES: one run, its seconds and CPU seconds into $WORK/LANGUAGES
    rm -rf "$WORK/releases" "$WORK/w/protected.zone"
    mkdir "$WORK/releases"
    stage suppress "$1"
    /usr/bin/time -f '%e %U %S' -o "$WORK/time" "herkomst-publish" "$WORK/config/vlaanderen.ini" --work "$WORK/w" \
        --key-file "$WORK/r.key" --quiet --set "run.languages=$1"
    awk '{ print $1, $2 + $3 }' "$WORK/time" >>"$WORK/$1"
}
middle() { # LANGUAGES COLUMN
    cut -d' ' -f"$2" "$WORK/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
mkdir "$WORK/releases"
for s in pseudonymise link derive aggregate; do stage $s nl; done
i=0
while [ $i -lt $RUNS ]; do
    i=$((i + 1))
    publish nl
    publish nl,en,fr,de
    (cd "$WORK/releases/2017-12-31" && find index.html units -type f | sort | xargs sha256sum) >"$WORK/bytes.$((i % 2))"
done
echo "publish, $(ls "$WORK/releases/2017-12-31/units" | wc -l) units; medians of $RUNS: seconds, CPU seconds"
for languages in nl nl,en,fr,de; do
    printf '  %-12s %6s %6s\n' "$languages" "$(middle $languages 1)" "$(middle $languages 2)"
done
wc -c "$WORK"/releases/2017-12-31/units/*/report.html | sort -n |
    awk '$2 == "total" { next } { b[++n] = $1 } END { print "  bytes of a page in four languages: median", b[int((n + 1) / 2)] ", largest", b[n] }'
if cmp -s "$WORK/bytes.0" "$WORK/bytes.1"; then echo "  two runs wrote the same bytes"; else echo "  TWO RUNS WROTE OTHER BYTES"; exit 1; fi
