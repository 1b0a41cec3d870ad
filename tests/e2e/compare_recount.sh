#!/bin/sh
# compare_recount.sh RECOUNT RELEASE: every published cell of the release's origin tables against the
# recount of recount.sh. Prints a TAP line a table; what differs is named by its cell.
set -eu
[ $# -eq 2 ] || { echo "usage: compare_recount.sh RECOUNT RELEASE" >&2; exit 64; }
number=0
for table in "$2"/tables/origin*.csv; do
    number=$((number + 1))
    awk -F, -v number="$number" -v table="$(basename "$table" .csv)" '
        { sub(/\r$/, "") }
        FNR == NR { if (FNR > 1) recount[$2, $1, $3, $4, $5, $6] = $7; next }
        FNR == 1 { for (i = 4; i < NF - 1; i++) name[i] = $i; next }
        {
            split("", is)
            for (i = 4; i < NF - 1; i++) is[name[i]] = $i
            unit = $2 == "government" ? "*" : $3
            lvl = "grade" in is ? is["grade"] : "total"
            key = $2 SUBSEP unit SUBSEP is["origin"] SUBSEP ("sex" in is ? is["sex"] : "total") \
                SUBSEP ("age_band" in is ? is["age_band"] : "total") SUBSEP lvl
            if ($NF != "") { hidden++; next }
            cells++
            people += $2 == "government" && $4 == "total" ? $(NF - 1) : 0
            if ($(NF - 1) != recount[key] + 0 && ++wrong <= 5) {
                where = $2 " " $3
                for (i = 4; i < NF - 1; i++) where = where " " name[i] "=" $i
                detail = detail "# " where ": " $(NF - 1) " published, " recount[key] + 0 " counted\n"
            }
        }
        END {
            good = wrong == 0 && cells > 0 && people > 0
            printf "%s %d - %s: %d published cells equal the recount by sqlite3 (%d hidden)\n%s",
                   good ? "ok" : "not ok", number, table, cells - wrong, hidden, detail
        }' "$1" "$table"
done
[ "$number" -gt 0 ]
