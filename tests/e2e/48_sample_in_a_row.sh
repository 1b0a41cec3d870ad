# The sample half a year later: at its size too a second release is possible, and the audit, which proves all
# releases together, says yes to it.
. tests/e2e/lib.sh

dir=$WORK/gov
mkdir -p "$dir/config" "$dir/keys"
cp config/*.ini config/*.csv "$dir/config/"
herkomst keygen "$dir/keys/pseudonym.key" >/dev/null
herkomst keygen --signing "$dir/keys/signing.key" >/dev/null
for date in 2016-12-31 2017-06-30; do
    rm -rf "$dir/inputs"
    herkomst-sample --out "$dir/inputs" --events --date $date >/dev/null
    check "$date" herkomst run "$dir/config/vlaanderen.ini" --quiet --set run.reference_date=$date
done
check "the audit with both says yes" herkomst audit "$dir/releases/2017-06-30" --public-key "$dir/keys/signing.key.pub" \
    --previous "$dir/releases/2016-12-31"
same "$(awk '$1 == "cumulative" { print $2 }' "$WORK/.out")" PASS "it looked at both together"
for rule in turnover cumulative; do
    hidden=$(awk -F, -v rule=$rule '$2 == rule { print $3 }' "$dir/quality/2017-06-30/suppress.csv")
    [ "$hidden" -gt 0 ] && ok "$rule: $hidden figures are hidden for this rule" || not_ok "$rule: nothing is hidden for this rule"
done
