# No national number of the input, in any spelling, stands in any file that a run leaves or in any
# message that it prints; nor in what a failed or killed run leaves.
. tests/e2e/lib.sh

dir=$WORK/gov
check "a government" government "$dir" --staff 4000 --population 9000 --entities 15 --seed 11
python3 - "$dir/inputs" >"$WORK/patterns" <<'P'
# Every 11-digit number of the inputs in many spellings, one pattern a line.
import base64, csv, glob, re, sys
numbers = set()
for path in glob.glob(sys.argv[1] + "/**/*.csv", recursive=True):
    with open(path, encoding="latin-1") as f:
        for line in f:
            for field in re.split(r"[;,]", line):
                digits = re.sub(r"[^0-9]", "", field)
                if 9 <= len(digits) <= 11 and len(field.strip()) <= 16 and "/" not in field:
                    numbers.add(digits.zfill(11))
out = set()
for n in numbers:
    out.add(n)
    out.add(n.lstrip("0"))
    out.add(f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:9]}.{n[9:]}")
    out.add(f"{n[:6]}-{n[6:9]}-{n[9:]}")
    out.add(f"{n[:6]} {n[6:9]} {n[9:]}")
    out.add(n[::-1])
    out.add(n.encode().hex())
    out.add(base64.b64encode(n.encode()).decode()[:14])
print("\n".join(sorted(p for p in out if len(p) >= 9)))
P
numbers=$(wc -l <"$WORK/patterns")
[ "$numbers" -gt 50000 ] && ok "$numbers spellings are searched for" || not_ok "only $numbers spellings"

search() { # DESCRIPTION PATH...
    what=$1
    shift
    # UTF-16 is searched by dropping NUL bytes.
    hits=$(find "$@" -type f -exec sh -c 'for f; do cat "$f"; echo; tr -d "\000" <"$f"; echo; done' sh {} + |
        grep -aFc -f "$WORK/patterns")
    same "$hits" 0 "$what"
}
herkomst run "$dir/config/vlaanderen.ini" --threads 2 >"$WORK/messages" 2>&1
same "$?" 0 "the run"
herkomst check "$dir/config/vlaanderen.ini" >>"$WORK/messages" 2>&1
herkomst audit "$dir/releases/2017-12-31" --public-key "$dir/keys/signing.key.pub" >>"$WORK/messages" 2>&1
mkdir "$WORK/control" && head -1 "$WORK/patterns" >"$WORK/control/file"
same "$(find "$WORK/control" -type f -exec grep -aFc -f "$WORK/patterns" {} +)" 1 "the search finds what is there"
search "no number in releases, ledger, private quality files" "$dir/releases" "$dir/quality"
search "no number in messages" "$WORK/messages"

# By hand: what the stages leave between them is unreadable.
mkdir "$WORK/stages"
herkomst keygen --recipient "$WORK/recipient"
for stage in pseudonymise link derive aggregate suppress; do
    "herkomst-$stage" "$dir/config/vlaanderen.ini" --work "$WORK/stages" --key-file "$WORK/recipient" \
        >>"$WORK/messages" 2>&1 || not_ok "$stage by hand"
done
same "$(ls "$WORK/stages" | wc -l)" 5 "five intermediate files"
search "no number in the intermediate files" "$WORK/stages"
same "$(cat "$WORK"/stages/*.zone | grep -aFc -e OMG-01 -e belgian)" 0 "no unit or category in clear either"

# Broken inputs: messages name file, line and reason only.
for broken in 's/^\([^;]*;[^;]*\);/\1/' 's/;/;"x"y;/' 's/\.\([0-9]*\)/.\1Z/' 's/;\([0-9]*\)\//;3\1\//'; do
    cp -r "$dir/inputs" "$WORK/broken"
    for file in "$WORK"/broken/personnel/*.csv; do sed -i "2,400$broken" "$file"; done
    sed -i '2,300s/,/,x/' "$WORK/broken/register.csv"
    rm -rf "$WORK/b" && mkdir "$WORK/b" && cp -r "$dir/config" "$dir/keys" "$WORK/b/" && mv "$WORK/broken" "$WORK/b/inputs"
    herkomst run "$WORK/b/config/vlaanderen.ini" >"$WORK/messages2" 2>&1
    code=$?
    [ "$code" -eq 65 ] && ok "broken input is refused with 65" || not_ok "broken input: exit $code"
    [ -e "$WORK/b/releases/2017-12-31" ] && not_ok "a release exists" || ok "no release"
    search "no number in the messages of a refused run" "$WORK/messages2"
    rm -rf "$WORK/b/inputs"
    search "no number in what it left" "$WORK/b"
done
