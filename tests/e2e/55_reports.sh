# What people and tools read of a release: the source documents' figures on the government's page, every
# figure by an independent recount, pages that a browser, axe-core and vnu find nothing wrong with.
. tests/e2e/lib.sh

FIRST=2016-12-31 SECOND=2017-12-31
dir=$WORK/gov
check "the sample is made" government "$dir" --date $FIRST
ini=$dir/config/few.ini
# Few tables: what is tested here is what is made of them, and two releases of all take a minute.
awk '/^\[(table origin-(age|level)|variable (age_band|grade))\]/ { skip = 1; next } /^\[/ { skip = 0 } !skip' \
    config/vlaanderen.ini >"$ini"
cat >>"$ini" <<'I'
[variable contract_type]
sql = CASE WHEN fte < 1 THEN 'part_time' ELSE 'full_time' END
categories = full_time, part_time
label.nl = contracttype
label.nl.full_time = voltijds
label.nl.part_time = deeltijds (minder dan 38 uur)
label.fr = type de contrat
label.fr.part_time = temps partiel
[table contract]
population = employment = 'staff'
variables = contract_type
I
run() { # DATE
    herkomst run "$ini" --quiet --set "run.reference_date=$1" --set run.languages=nl,en,fr,de \
        --set disclosure.suppress_effort=20000 --set "benchmark all.table=origin" \
        --set "benchmark all.category=foreign" --set "benchmark all.definition=FL2016" \
        --set "benchmark all.share=20%" --set "benchmark all.ages=18-64" \
        --set "benchmark all.region=Vlaams Gewest" --set "benchmark all.date=2017-01-01" \
        --set "benchmark all.source=een voorbeeld"
}
check "the first release" run $FIRST
rm -rf "$dir/inputs"
herkomst-sample --out "$dir/inputs" --date $SECOND >/dev/null
check "the second release" run $SECOND
release=$dir/releases/$SECOND
check "the audit reads every number of the reports back" herkomst audit "$release" \
    --public-key "$dir/keys/signing.key.pub" --previous "$dir/releases/$FIRST"
grep -q '^reports *PASS' "$WORK/.out" && ok "its rule on reports passes" || not_ok "its rule on reports passes"
exits 78 "a benchmark of another definition" herkomst run "$ini" --quiet --set "benchmark all.table=origin" \
    --set "benchmark all.category=foreign" --set "benchmark all.definition=FL2014"
says "not the definition of variable origin" "it says why"

# Figures and sentences of the source documents, page by page, and an independent recount of the rest.
python3 tests/e2e/check_reports.py "$release" "$dir/releases/$FIRST"

# Every message is translated into every language.
xgettext --from-code=UTF-8 -o "$WORK/messages.pot" --keyword= --keyword=MESSAGE --keyword=translate:2 \
    --keyword=page_text:2 --keyword=page_element:3 --keyword=page_say:3 --keyword=say:4 --keyword=item:3 \
    --keyword=word:2 pipeline/report/*.c
for language in nl fr de; do
    check "$language: every message is translated" msgcmp "pipeline/report/po/$language.po" "$WORK/messages.pot"
done
for language in nl en fr de; do
    same "$(msgcat --no-location "pipeline/report/po/$language.po" | grep -c '^msgctxt')" \
        "$(msgcat --no-location pipeline/report/po/en.po | grep -c '^msgctxt')" "$language: every name too"
done

(cd "$BUILD/browser" && node csvw.js "$OLDPWD/tests/vectors/csvw.schema.json" "$release")

# Browser and HTML checker; make deps has put them into BUILD/browser.
check "HTML: vnu finds nothing in any page" java -jar "$BUILD/browser/node_modules/vnu-jar/build/dist/vnu.jar" \
    --errors-only "$release/index.html" "$release"/units/*/report.html
# One page of each kind: much is published of MOW-05, hardly anything of KB-10.
pages="$release/index.html $release/units/VO/report.html"
pages="$pages $release/units/OMG/report.html $release/units/MOW-05/report.html $release/units/KB-10/report.html"
[ -z "${ALL_PAGES:-}" ] || pages="$release/index.html $(ls "$release"/units/*/report.html)"
(cd "$BUILD/browser" && node axe.js $pages)
