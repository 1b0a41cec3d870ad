# What an auditor does with a release: standard tools, the README's own recipe without herkomst, the forms of
# the result, and why a cell is protected.
. tests/e2e/lib.sh

dir=$WORK/g
check "a government is made" government "$dir" --staff 300 --population 1200 --entities 6 --seed 9
check "its release" herkomst run "$dir/config/vlaanderen.ini" --quiet --set run.max_rejected=20%
release=$dir/releases/2017-12-31
key=$dir/keys/signing.key.pub
check "sha256sum -c" sh -c "cd '$release' && sha256sum --quiet --strict -c SHA256SUMS"
check "minisign -V" minisign -Vm "$release/SHA256SUMS" -p "$key" -q

# ---- the README's recipe ----
awk '/^```python$/ { on = 1; next } /^```$/ { on = 0 } on' README.md >"$WORK/witness.py"
[ -s "$WORK/witness.py" ] && ok "the README has a recipe" || not_ok "the README has a recipe"
python3 - "$release" >"$WORK/cells" <<'PYTHON'
import json, sys
proofs = [p for p in json.load(open(sys.argv[1] + "/certificate.json"))["proofs"] if "low" in p]
for p in proofs[:: max(1, len(proofs) // 8)]:
    print(p["cell"])
PYTHON
wrong=0
while read -r cell; do
    python3 "$WORK/witness.py" "$release" "$cell" >"$WORK/.out" 2>&1 || wrong=$((wrong + 1))
done <"$WORK/cells"
same "$wrong of $(wc -l <"$WORK/cells")" "0 of $(wc -l <"$WORK/cells")" "the recipe checks the witnesses of some cells"
cp -r "$release" "$WORK/changed"
python3 - "$WORK/changed/certificate.json" "$(head -1 "$WORK/cells")" <<'PYTHON'
import json, sys
path, cell = sys.argv[1:]
certificate = json.load(open(path))
proof = next(p for p in certificate["proofs"] if p["cell"] == cell)
certificate["witnesses"][proof["high"]][cell] += 1
json.dump(certificate, open(path, "w"))
PYTHON
exits 1 "the recipe sees a witness that is wrong" python3 "$WORK/witness.py" "$WORK/changed" "$(head -1 "$WORK/cells")"

# ---- the result's forms ----
exits 0 "the thorough audit" herkomst audit "$release" --public-key "$key" --thorough --report "$WORK/r.json" \
    --html "$WORK/r.html"
cp "$WORK/.out" "$WORK/text"
hidden=$(awk -F, 'FNR > 1 && $NF == "c"' "$release"/tables/*.csv | wc -l)
searched=$(awk '$1 == "protection" { print $3 }' "$WORK/text")
[ "${searched:-0}" -gt 0 ] && [ "$searched" -le "$hidden" ] && ok "it searched $searched cells" ||
    not_ok "it searched '$searched' of $hidden rows"
grep -q '^summary: This release is the publisher' "$WORK/text" && ok "it ends with a summary" || not_ok "it ends with a summary"
cat >"$WORK/see_json.py" <<'PYTHON'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["format"] == "herkomst-audit/1" and r["result"] == "pass" and r["thorough"] is True and r["previous"] is None
assert r["findings"] == [] and r["finding_count"] == 0 and r["summary"]
names = [x["rule"] for x in r["rules"]]
assert names[:3] == ["signature", "digests", "files"] and len(set(names)) == len(names)
for x in r["rules"]:
    assert set(x) == {"rule", "result", "about", "checked", "findings"} and x["result"] == "pass" and x["about"]
told = [line.split()[0] for line in open(sys.argv[2]) if "  PASS" in line]
assert told == names, (told, names)
PYTHON
check "and tells what the text does" python3 "$WORK/see_json.py" "$WORK/r.json" "$WORK/text"
cat >"$WORK/see_html.py" <<'PYTHON'
import html.parser, sys
class Page(html.parser.HTMLParser):
    void, open_, seen, headings = {"meta", "br"}, [], set(), []
    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        a = dict(attributes)
        assert tag != "script" and "src" not in a and "href" not in a, tag
        if tag == "html": assert a["lang"] == "en"
        if tag == "th": assert a["scope"] in ("col", "row")
        if tag in ("h1", "h2", "h3"): self.headings.append(tag)
        if tag not in self.void: self.open_.append(tag)
    def handle_endtag(self, tag):
        assert self.open_.pop() == tag, tag
page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
assert not page.open_ and {"title", "main", "caption", "thead", "tbody"} <= page.seen
assert page.headings[0] == "h1" and page.headings.count("h1") == 1
PYTHON
check "the page is whole, with headings, captions and header cells, and needs nothing else" python3 "$WORK/see_html.py" "$WORK/r.html"
exits 73 "a report that is there is not replaced" herkomst audit "$release" --public-key "$key" --report "$WORK/r.json"
sed -i '2s/,[0-9]*,$/,1,/' "$WORK/changed/tables/origin.csv"
exits 1 "a changed release, as a page" herkomst audit "$WORK/changed" --public-key "$key" --html "$WORK/bad.html"
grep -q '<strong>FAIL</strong>' "$WORK/bad.html" && grep -q 'tables/origin.csv' "$WORK/bad.html" && ok "which names the file" ||
    not_ok "which names the file"
check "and is whole too" python3 "$WORK/see_html.py" "$WORK/bad.html"

# ---- why a cell is protected ----
cat >"$WORK/see_explain.py" <<'PYTHON'
# The told range holds the certificate's witnesses, and the two told tables differ as it says.
import json, re, subprocess, sys
release, key, cell = sys.argv[1:]
text = subprocess.run(["herkomst", "audit", release, "--public-key", key, "--explain", cell], capture_output=True, text=True, check=True).stdout
least = int(re.search(r"least possible count: (\d+)", text)[1])
most = int(re.search(r"greatest possible count: (\d+)", text)[1])
assert "It is protected." in text and "The equations that bound it" in text
certificate = json.load(open(release + "/certificate.json"))
for p in certificate["proofs"]:
    if p["cell"] == cell and "low" in p:
        seen = [certificate["witnesses"][p[end]][cell] for end in ("low", "high")]
        assert least <= min(seen) and max(seen) <= most, (least, most, seen)
row = next(line.split() for line in text.splitlines() if line.endswith(" " + cell) and re.match(r" +\d+ +\d+ ", line))
assert row[:2] == [str(least), str(most)], row
PYTHON
wrong=0
while read -r cell; do
    python3 "$WORK/see_explain.py" "$release" "$key" "$cell" >"$WORK/.out" 2>&1 || { wrong=$((wrong + 1)); tail -2 "$WORK/.out" | sed 's/^/# /'; }
done <"$WORK/cells"
same $wrong 0 "--explain tells ranges that hold the certificate's witnesses"
exits 0 "a head count is explained" herkomst audit "$release" --public-key "$key" --explain 'staff|government:VO'
grep -q 'head count' "$WORK/.out" && ok "as one" || not_ok "as one"
exits 64 "a cell that there is not" herkomst audit "$release" --public-key "$key" --explain 'staff|entity:none'
