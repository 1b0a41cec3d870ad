#!/bin/sh
# make bench PART=audit [INSTANCES="o-300 og-80 og-300 oga-80 oga-300"] [LIMIT=600]: the audit of the sample, of its
# second release with the first, and of invented governments (VARIANT-ENTITIES), each suppressed by our own rules
# and by the peers' (z0: nothing public, exact values alone protected), with the certificate and --thorough.
# Processor seconds, medians of three (what takes more than 20 s: once). Beside it what a peer takes for the
# same cells (peers_audit.tsv).
set -eu
LC_ALL=C
export LC_ALL
BUILD=${BUILD:-build}
TOOLS=$BUILD/tests/tools
PATH=$BUILD/bin:$PATH
INSTANCES=${INSTANCES:-o-300 og-80 og-300 oga-80 oga-300}
LIMIT=${LIMIT:-600}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT INT TERM
failed=0

once() { # RELEASE KEY OPTION...: seconds and megabytes
    release=$1
    public=$2
    shift 2
    timeout "$LIMIT" /usr/bin/time -o "$WORK/time" -f '%U %S %M' herkomst-audit "$release" --public-key "$public" "$@" >"$WORK/out" 2>&1 || {
        failed=1
        echo "99999 0"
        return
    }
    tail -1 "$WORK/time" | awk '{ printf "%.2f %d\n", $1 + $2, $3 }'
}
median() { # RELEASE KEY OPTION...
    once "$@" >"$WORK/runs"
    if awk '{ exit !($1 <= 20) }' "$WORK/runs"; then
        once "$@" >>"$WORK/runs"
        once "$@" >>"$WORK/runs"
    fi
    sort -n "$WORK/runs" | sed -n "$((($(wc -l <"$WORK/runs") + 1) / 2))p"
}
line() { # NAME RELEASE KEY OPTION...
    named=$1
    shift
    quick=$(median "$@")
    cells=$(awk '$1 == "tables" { print $5 }' "$WORK/out")
    hidden=$(awk '$1 == "certificate" { sub(/ hidden.*/, ""); print $NF }' "$WORK/out")
    thorough=$(median "$@" --thorough)
    programmes=$(awk '$1 == "protection" { print $8 }' "$WORK/out")
    peer=$(awk -F'\t' -v name="${named% *}" '$1 == name { print $3 " s: " $4 }' tests/bench/peers_audit.tsv)
    printf '%-20s %8s %8s | %8.2f %6.0f | %9.2f %6.0f %10s | %s\n' "$named" "$cells" "$hidden" ${quick% *} \
        $((${quick#* } / 1024)) ${thorough% *} $((${thorough#* } / 1024)) "$programmes" "$peer"
}

sample_run() { # DATE
    rm -rf "$WORK/sample/inputs"
    herkomst-sample --out "$WORK/sample/inputs" --events --date "$1" >/dev/null
    timeout "$LIMIT" herkomst run "$WORK/sample/config/vlaanderen.ini" --quiet --set run.reference_date="$1"
}

herkomst keygen --signing "$WORK/key"
printf '%-20s %8s %8s | %8s %6s | %9s %6s %10s | %s\n' release cells hidden seconds MB thorough MB programmes peer
mkdir -p "$WORK/sample/config" "$WORK/sample/keys"
cp config/*.ini config/*.csv "$WORK/sample/config/"
herkomst keygen "$WORK/sample/keys/pseudonym.key"
herkomst keygen --signing "$WORK/sample/keys/signing.key"
releases=$WORK/sample/releases
public=$WORK/sample/keys/signing.key.pub
sample_run 2017-06-30
line sample "$releases/2017-06-30" "$public"
if sample_run 2017-12-31; then
    line "sample, two releases" "$releases/2017-12-31" "$public" --previous "$releases/2017-06-30"
else
    printf '%-20s not suppressed in %s s\n' "sample, two releases" "$LIMIT"
fi
for instance in $INSTANCES; do
    "$TOOLS/instances" --variant "${instance%-*}" --entities "${instance#*-}" >"$WORK/$instance.csv"
    for rules in own z0; do
        release=$WORK/$instance-$rules
        if timeout "$LIMIT" "$TOOLS/instance_release" --rules $rules "$WORK/$instance.csv" "$WORK/key" "$release"; then
            line "$instance $rules" "$release" "$WORK/key.pub"
            rm -rf "$release"
        else
            printf '%-20s not suppressed in %s s\n' "$instance $rules" "$LIMIT"
        fi
    done
done
exit $failed
