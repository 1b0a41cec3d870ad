# The sample government at both dates: the source documents' figures, an independent recount, an
# independent attacker, and the standard tools that an auditor has.
. tests/e2e/lib.sh

share() { # COUNT TOTAL: percent with one decimal, half up, from whole numbers
    echo "$1 $2" | awk '{ t = int((2000 * $1 + $2) / (2 * $2)); printf "%d.%d\n", t / 10, t % 10 }'
}

one_date() { # DATE SHARE WOMEN-TOP TOP WOMEN-MIDDLE MIDDLE
    date=$1
    dir=$WORK/$date
    check "$date: the sample is made" government "$dir" --date "$date"
    check "$date: herkomst run" herkomst run "$dir/config/vlaanderen.ini" \
        --set run.reference_date="$date" --quiet
    release=$dir/releases/$date
    tables=$release/tables
    total=$(count "$tables/origin.csv" government VO total)
    foreign=$(count "$tables/origin.csv" government VO foreign)
    same "$(share "${foreign:-0}" "${total:-1}")" "$2" "$date: $2 % foreign origin"
    same "$(count "$tables/management-sex.csv" government VO top,f)" "$3" "$date: $3 women in top management"
    same "$(count "$tables/management-sex.csv" government VO top,total)" "$4" "$date: of $4"
    same "$(count "$tables/management-sex.csv" government VO middle,f)" "$5" "$date: $5 women in middle management"
    same "$(count "$tables/management-sex.csv" government VO middle,total)" "$6" "$date: of $6"
    check "$date: sha256sum -c SHA256SUMS" sh -c "cd '$release' && sha256sum --quiet --strict -c SHA256SUMS"
    check "$date: minisign -V accepts the signature" \
        minisign -Vm "$release/SHA256SUMS" -p "$dir/keys/signing.key.pub" -q
    check "$date: herkomst audit says yes" herkomst audit "$release" --public-key "$dir/keys/signing.key.pub"
    check "$date: the independent attacker finds every hidden cell protected" \
        "$BUILD/tests/tools/attacker" "$release"
    check "$date: the certificate follows from the published files alone" \
        "$BUILD/tests/tools/recompute" "$release"
    small=$(awk -F, 'FNR > 1 && $4 != "total" && $NF == "" && $(NF-1) + 0 < 5 && $(NF-1) != "" {
        # a zero or small count of a sensitive category may stand only where its group is empty
        if ($(NF-1) > 0 && $4 != "unknown") n++ } END { print n + 0 }' "$tables"/origin*.csv)
    same "$small" 0 "$date: no published sensitive count from 1 to 4"
    sh tests/e2e/recount.sh "$dir/inputs" "$date" >"$WORK/recount-$date.csv" 2>"$WORK/recount.err" ||
        not_ok "$date: recount by sqlite3"
    sh tests/e2e/compare_recount.sh "$WORK/recount-$date.csv" "$release" | sed "s/^\(ok\|not ok\) [0-9]* *-* */\1 - $date: /"
}

one_date 2016-12-31 8.9 17 75 91 261
one_date 2017-12-31 9.6 18 77 92 260
same "$(count "$tables/disability.csv" government VO yes)" 634 "634 registered disabled people"
same "$(share 634 "$total")" 1.4 "1.4 % of the staff"

files=$(cd "$release" && find . -type f | grep -v '^./units/' | grep -v 'metadata.json$' | LC_ALL=C sort | tr '\n' ' ')
same "$files" "./SHA256SUMS ./SHA256SUMS.minisig ./catalog.jsonld ./certificate.json ./index.html ./indicators.csv \
./manifest.json ./quality.csv ./rules.json ./sdmx/disability.csv ./sdmx/management-sex.csv ./sdmx/origin-age.csv \
./sdmx/origin-level.csv ./sdmx/origin-sex.csv ./sdmx/origin.csv ./sdmx/structure.json ./tables/disability.csv \
./tables/management-sex.csv ./tables/origin-age.csv ./tables/origin-level.csv ./tables/origin-sex.csv \
./tables/origin.csv ./turnover.csv " "the release holds these files and no other"
same "$(find "$release" -name '*.csv' -o -name '*.csv-metadata.json' | sed 's/-metadata.json$//' | sort | uniq -c | grep -vc '^ *2 ')" \
    0 "every CSV file has its metadata beside it"
same "$(ls "$release/units" | wc -l)" "$(cut -d, -f2,3 "$tables/origin.csv" | tail -n +2 | sort -u | wc -l)" \
    "every unit has a folder"
same "$(ls "$release"/units/* | grep -v : | sed '/^$/d' | sort | uniq -c | tr -s ' ' | cut -d' ' -f2 | sort -u)" \
    "$(ls "$release/units" | wc -l)" "with the same files in each"
for json in rules manifest certificate; do
    check "$json.json is JSON" python3 -m json.tool "$release/$json.json"
done
same "$(find "$dir/releases" -name '.work-*' -o -name '.new-*' | wc -l)" 0 "no intermediate file is left"
same "$(herkomst history "$dir/releases/ledger.sqlite" | cut -d, -f1,2 | tr '\n' ' ')" \
    "release,reference_date 2017-12-31,2017-12-31 " "the ledger knows the release"
same "$(sqlite3 "$dir/releases/ledger.sqlite" \
    "SELECT count FROM cell JOIN release ON release = number WHERE key = 'staff|government:VO|origin=foreign'")" \
    "$foreign" "the ledger holds the published cells"
hidden=$(awk -F, 'FNR > 1 && $NF == "c" { n++ } END { print n + 0 }' "$tables/origin.csv")
[ "$hidden" -gt 0 ] && ok "$hidden cells of origin.csv are hidden" || not_ok "cells are hidden"
