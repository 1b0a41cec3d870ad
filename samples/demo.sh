#!/bin/sh
# demo.sh BUILD: the whole pipeline on the sample government, from keys to audit, in BUILD/demo.
set -eu

build=${1:-build}
demo=$build/demo
PATH=$(cd "$build/bin" && pwd):$PATH
export PATH

seconds() { # START: since then, with one decimal
    awk -v from="$1" -v to="$(date +%s.%N)" 'BEGIN { printf "%.1f s", to - from }'
}
say() { printf '%-46s%s\n' "$1" "${2-}"; }

rm -rf "$demo"
mkdir -p "$demo/config" "$demo/keys"
cp config/*.ini config/*.csv "$demo/config/"

start=$(date +%s.%N)
herkomst-sample --out "$demo/inputs" >"$demo/expected.csv"
say "made up a government of 45,000" "$(seconds "$start")"

herkomst keygen "$demo/keys/pseudonym.key"
herkomst keygen --signing "$demo/keys/signing.key"
say "made a pseudonym key and a signing key"

start=$(date +%s.%N)
herkomst run "$demo/config/vlaanderen.ini" --quiet
say "ran the pipeline" "$(seconds "$start")"

release=$demo/releases/2017-12-31
start=$(date +%s.%N)
herkomst audit "$release" --public-key "$demo/keys/signing.key.pub" >"$demo/audit.txt"
say "audited the release with the public key" "$(seconds "$start")"

echo
echo "Origin (FL2016) of the staff, whole government, 31 December 2017:"
awk -F, '
    NR > 1 && $2 == "government" { name[++n] = $4; count[n] = $5; hidden[n] = $6 != ""
                                   if ($4 == "total") total = $5 }
    END {
        for (i = 1; i <= n; i++)
            if (hidden[i]) printf "  %-10s %8s\n", name[i], "hidden"
            else {
                tenths = int((2000 * count[i] + total) / (2 * total))
                printf "  %-10s %8d %6d.%d %%\n", name[i], count[i], int(tenths / 10), tenths % 10
            }
    }' "$release/tables/origin.csv"
awk -F, 'NR > 1 && $6 == "c" { hidden++ } END {
    printf "  %d of %d cells of this table are hidden, so that no small count can be worked out\n",
           hidden, NR - 1 }' "$release/tables/origin.csv"
echo
echo "The audit's verdict (all of it: $demo/audit.txt):"
tail -n 3 "$demo/audit.txt" | sed 's/^/  /'
echo
echo "Look at"
[ ! -f "$release/index.html" ] || echo "  $release/index.html"
echo "  $release/tables/origin.csv"
echo "  $release/manifest.json"
echo "  $demo/quality/ (the operator's own)"
echo "  $demo/config/vlaanderen.ini, $demo/inputs/"
