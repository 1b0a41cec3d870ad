#!/bin/sh
# compare_turnover.sh RECOUNT... RELEASE: every head count by sex, age and level of the post in the release's
# turnover.csv against the recounts (recount.sh with a date SINCE), one for each period. Prints a TAP line;
# what differs is named.
set -eu
[ $# -ge 2 ] || { echo "usage: compare_turnover.sh RECOUNT... RELEASE" >&2; exit 64; }
work=$(mktemp)
trap 'rm -f "$work"' EXIT INT TERM
periods=$(($# - 1))
while [ $# -gt 1 ]; do
    tail -n +2 "$1" >>"$work"
    shift
done
awk -F, -v periods="$periods" '
    FNR == NR { recount[$1, $2, $3, $4, $5, $6] = $7 "," $8; moved++; next }
    FNR == 1 { if ($0 != "period,level,unit,management,sex,age_band,grade,joined,left,population") wrong = 1; next }
    $4 != "total" { next } # leading posts have no history in the files
    {
        key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $5 SUBSEP $6 SUBSEP $7
        expected = key in recount ? recount[key] : "0,0"
        met += key in recount
        seen[$1] = 1
        if ($8 "," $9 != expected && ++wrong <= 5)
            detail = detail "# " $1 " " $2 " " $3 " " $5 " " $6 " " $7 ": " $8 "," $9 " published, " expected " counted\n"
        rows++
    }
    END {
        for (p in seen) dates++
        good = !wrong && rows > 0 && met == moved && moved > 0 && dates == periods
        printf "%s 1 - %d rows of %d periods equal the recount by sqlite3 (%d of %d groups moved)\n%s",
               good ? "ok" : "not ok", rows - wrong, dates, met, moved, detail
    }' "$work" "$1/turnover.csv"
