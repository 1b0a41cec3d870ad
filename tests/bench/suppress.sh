#!/bin/sh
# make bench PART=suppress [INSTANCES="o-80 og-80"] [LIMIT=600]: the suppression engine on invented governments
# (VARIANT-ENTITIES, tests/tools/instances.c). Medians of three runs where one takes less than 5 seconds; a run of
# more than LIMIT seconds is "not finished".
#   peers    the rules and the figures of GaussSuppression (peers.tsv), one thread; ratios below 1 are better than
#            theirs
#   own      what a release promises: head counts public, intervals of width 5; all processors
#   bounds   how far from the optimum, on small instances (tests/tools/exact_bound.c)
# Exit 1 if a run fails (not if it is not finished), or if an instance is not the one that the peers had.
set -eu
LC_ALL=C
export LC_ALL
BUILD=${BUILD:-build}
TOOLS=$BUILD/tests/tools
PEERS=$(dirname "$0")/peers.tsv
LIMIT=${LIMIT:-600}
INSTANCES=${INSTANCES:-o-80 o-300 o-1000 o-3000 og-80 og-300 og-1000 og-3000 oga-80 oga-300 oga-1000 ogal-80 ogal-300}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT INT TERM
failed=0

run() { # COMMAND...: its line in $WORK/line; 1 = not finished, or failed
    code=0
    timeout "$LIMIT" "$@" >"$WORK/line" 2>"$WORK/err" || code=$?
    [ $code -ne 124 ] || echo "not finished" >"$WORK/err"
    [ $code -eq 0 ] || [ $code -eq 124 ] || failed=1
    [ $code -eq 0 ]
}

# The engine's figures, wall and processor time the medians of three when the first run is short.
measure() { # INSTANCE RULES THREADS
    : >"$WORK/runs"
    for number in 1 2 3; do
        run "$TOOLS/suppress_bench" --rules "$2" --name "$1" --threads "$3" "$WORK/$1.csv" || return 1
        cat "$WORK/line" >>"$WORK/runs"
        [ "$(cut -f10 "$WORK/line" | cut -d. -f1)" -lt 5 ] || break
    done
    sort -n -k11 "$WORK/runs" | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }' >"$WORK/line"
}

unmeasured() { # INSTANCE RULES
    printf '%-9s %-3s  %s\n' "$1" "$2" "$(head -1 "$WORK/err")"
}

# One line beside the peers', and "besides sum cpu" of both, appended to $WORK/totals.
beside_peers() { # INSTANCE RULES
    measure "$1" "$2" 1 || { unmeasured "$1" "$2"; return; }
    awk -F'\t' -v instance="$1" -v rules="$2" -v totals="$WORK/totals" '
        function ratio(ours, theirs) { return theirs > 0 ? sprintf("%.2f", ours / theirs) : "-" }
        NR == FNR { if ($1 == instance && $2 == rules) { split($0, peer, "\t") } next }
        {
            cells = peer[3]; besides = peer[5]; sum = peer[6]; cpu = peer[7]
            printf "%-9s %-3s %7d %7d | %7d %8d %5d %8.2f %6.0f | %7s %8s %8s | %5s %5s %5s\n", $1, $2, $3, $4,
                $5, $6, $7, $11, $12, besides, sum, cpu, ratio($5, besides), ratio($6, sum), ratio($11, cpu)
            if (cells != "-" && cells != "" && (cells != $3 || peer[4] != $4)) {
                print "          not the instance of the peers: " cells " cells, " peer[4] " unsafe"
                exit 1
            }
            if (cells > 0)
                print $5, $6, $11, besides, sum, cpu >>totals
        }' "$PEERS" "$WORK/line" || failed=1
}

peers() {
    echo
    echo "Beside GaussSuppression: nothing public, no unsafe cell exactly determined (engine: no hidden one)"
    printf '%-9s %-3s %7s %7s | %7s %8s %5s %8s %6s | %7s %8s %8s | %5s %5s %5s\n' instance "" cells unsafe \
        besides sum open cpu MB theirs sum cpu cells sum cpu
    : >"$WORK/totals"
    for instance in $INSTANCES; do
        for rules in z0 z1; do beside_peers "$instance" "$rules"; done
    done
    awk '{ for (i = 1; i <= 6; i++) t[i] += $i }
        END { if (NR) printf "%-29s | %7d %8d %5s %8.2f %6s | %7d %8d %8.2f | %5.2f %5.2f %5.2f\n",
            "all " NR " of both", t[1], t[2], "", t[3], "", t[4], t[5], t[6], t[1] / t[4], t[2] / t[5], t[3] / t[6] }' \
        "$WORK/totals"
}

own() {
    echo
    echo "Own rules: origin nested, head counts public, intervals of width 5, zeros protected"
    printf '%-9s %-3s %7s %7s | %7s %8s %5s %8s %8s %6s | %10s %7s\n' instance "" cells unsafe \
        besides sum open cpu wall MB programmes largest
    for instance in $INSTANCES; do
        measure "$instance" own "$(nproc)" || { unmeasured "$instance" own; continue; }
        awk -F'\t' '{ printf "%-9s %-3s %7d %7d | %7d %8d %5d %8.2f %8.2f %6.0f | %10d %7d\n",
            $1, $2, $3, $4, $5, $6, $7, $11, $10, $12, $8, $9 }' "$WORK/line"
    done
}

bounds() { # TITLE INSTANCES OPTION...
    echo
    echo "$1"
    bounded=$2
    shift 2
    printf '%-9s %-3s %8s %8s %8s %8s %-6s %8s\n' instance "" bound best engine "above %" proven cpu
    for instance in $INSTANCES; do
        case " $bounded " in *" $instance "*) ;; *) continue ;; esac
        for rules in z0 z1 own; do
            run "$TOOLS/exact_bound" --rules "$rules" --name "$instance" "$@" "$WORK/$instance.csv" ||
                { unmeasured "$instance" "$rules"; continue; }
            awk -F'\t' '{ printf "%-9s %-3s %8d %8d %8d %8.1f %-6s %8.1f\n",
                $1, $2, $3, $4, $5, $3 ? 100 * ($5 - $3) / $3 : 0, $6, $9 }' "$WORK/line"
        done
    done
}

echo "suppression: instances $INSTANCES"
for instance in $INSTANCES; do
    "$TOOLS/instances" --variant "${instance%-*}" --entities "${instance#*-}" >"$WORK/$instance.csv"
done
peers
own
bounds "Beside the optimum: cost = max(count, 1); no pattern costs less than the bound" "o-80 o-300 og-80"
bounds "Beside the fewest cells, whatever they count (the engine looks for the fewest people)" o-80 --cells
exit $failed
