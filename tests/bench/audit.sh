#!/bin/sh
# make bench PART=audit [INSTANCES="o-300 og-300 oga-80 oga-300"] [LIMIT=600]: the audit of the sample and of
# invented governments (VARIANT-ENTITIES), each suppressed by our own rules and by the peers' (z0: nothing
# public, exact values alone protected), with the certificate and --thorough. Medians of three; seconds of wall
# time. Beside it, as measured once on a like machine: sdcTable's attack() takes 5.9 CPU s for the 1,410 cells of
# og-80, and an own C program on CLP 1.2 CPU s for 45,210 cells (intervals only, nothing else of an audit).
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
    timeout "$LIMIT" /usr/bin/time -o "$WORK/time" -f '%e %M' herkomst-audit "$release" --public-key "$public" "$@" >"$WORK/out" 2>&1 || {
        failed=1
        return 1
    }
    tail -1 "$WORK/time"
}
median() { # RELEASE KEY OPTION...
    for _ in 1 2 3; do once "$@" || echo "99999 0"; done | sort -n | sed -n 2p
}
line() { # NAME RELEASE KEY
    quick=$(median "$2" "$3")
    cells=$(awk '$1 == "tables" { print $5 }' "$WORK/out")
    hidden=$(awk '$1 == "certificate" { sub(/ hidden.*/, ""); print $NF }' "$WORK/out")
    thorough=$(median "$2" "$3" --thorough)
    programmes=$(awk '$1 == "protection" { print $8 }' "$WORK/out")
    printf '%-16s %8s %8s | %8.2f %6.0f | %9.2f %6.0f %10s\n' "$1" "$cells" "$hidden" ${quick% *} \
        $((${quick#* } / 1024)) ${thorough% *} $((${thorough#* } / 1024)) "$programmes"
}

herkomst keygen --signing "$WORK/key"
printf '%-16s %8s %8s | %8s %6s | %9s %6s %10s\n' release cells hidden seconds MB thorough MB programmes
mkdir -p "$WORK/sample/config" "$WORK/sample/keys"
herkomst-sample --out "$WORK/sample/inputs" >/dev/null
cp config/*.ini config/*.csv "$WORK/sample/config/"
herkomst keygen "$WORK/sample/keys/pseudonym.key"
herkomst keygen --signing "$WORK/sample/keys/signing.key"
herkomst run "$WORK/sample/config/vlaanderen.ini" --quiet
line sample "$WORK/sample/releases/2017-12-31" "$WORK/sample/keys/signing.key.pub"
for instance in $INSTANCES; do
    "$TOOLS/instances" --variant "${instance%-*}" --entities "${instance#*-}" >"$WORK/$instance.csv"
    for rules in own z0; do
        release=$WORK/$instance-$rules
        if timeout "$LIMIT" "$TOOLS/instance_release" --rules $rules "$WORK/$instance.csv" "$WORK/key" "$release"; then
            line "$instance $rules" "$release" "$WORK/key.pub"
            rm -rf "$release"
        else
            printf '%-16s not suppressed in %s s\n' "$instance $rules" "$LIMIT"
        fi
    done
done
exit $failed
