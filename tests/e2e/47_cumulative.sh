# The cumulative rule: releases in a row of a government in which people come and go and an entity merges,
# and a revision. An attacker who has all of them finds no hidden figure out; the audit with all of them
# says yes; and a release that shows one figure too many, signed like any other, gets a no.
. tests/e2e/lib.sh

FIRST=2017-06-30 SECOND=2017-12-31 THIRD=2018-06-30
dir=$WORK/gov
mkdir -p "$dir/config" "$dir/keys"
cp config/*.ini config/*.csv "$dir/config/"
herkomst keygen "$dir/keys/pseudonym.key"
herkomst keygen --signing "$dir/keys/signing.key"
ini=$dir/config/vlaanderen.ini
# Fewer tables: what is tested here is time.
awk '/^\[/ { skip = /^\[(table (origin-age|origin-level|management-sex)|variable (management|age_band|grade)|target [^]]*)\]/ } !skip' config/vlaanderen.ini >"$ini"

run() { # DATE OPTION...: a release of that day's files
    run_date=$1
    shift
    rm -rf "$dir/inputs"
    herkomst-sample --out "$dir/inputs" --staff 400 --population 1400 --entities 11 --seed 5 --events --date "$run_date" \
        >/dev/null && herkomst run "$ini" --quiet --set "run.reference_date=$run_date" "$@"
}
audit() { # RELEASE EARLIER...
    audited=$dir/releases/$1
    shift
    earlier=
    for id in "$@"; do earlier="$earlier --previous $dir/releases/$id"; done
    herkomst audit "$audited" --public-key "$dir/keys/signing.key.pub" $earlier
}
figure() { # RELEASE CHECK: a private figure of suppress
    awk -F, -v check="$2" '$2 == check { print $3 }' "$dir/quality/$1/suppress.csv"
}
attack() { # RELEASE...: of the oldest date first
    folders=
    for id in "$@"; do folders="$folders $dir/releases/$id"; done
    "$BUILD/tests/tools/attacker" $folders
}

check "the first release" run $FIRST
check "the second release" run $SECOND
check "an attacker with both finds nothing out" attack $FIRST $SECOND
check "the third release" run $THIRD
check "an attacker with all three finds nothing out" attack $FIRST $SECOND $THIRD
check "the audit with all earlier releases says yes" audit $THIRD $SECOND $FIRST
same "$(awk '$1 == "cumulative" { print $2 }' "$WORK/.out")" PASS "it looked at all releases together"
audit $THIRD >"$WORK/alone"
same "$(awk '$1 == "cumulative" { print $2, $3, $4 }' "$WORK/alone")" "NOT ASKED $SECOND" "the audit without them says what it did not look at"
check "a revision of the second release" run $SECOND --set run.release=$SECOND.r2
check "the audit of it with all others says yes" audit $SECOND.r2 $THIRD $SECOND $FIRST
check "an attacker with all four finds nothing out" attack $FIRST $SECOND $SECOND.r2 $THIRD
for release in $SECOND $THIRD $SECOND.r2; do
    [ -n "$(figure $release cumulative)" ] && ok "$release: $(figure $release cumulative) figures are hidden for this rule, $(figure $release secondary) others to protect" ||
        not_ok "$release: no private figure on the rule"
    ! grep -rq "cumulative_sum" "$dir/releases/$release" && ok "$release: that is not published" || not_ok "$release: the private figure is published"
done

# A release made by a program without the rule: protected by itself alone, and signed.
mkdir "$WORK/alone.d"
rm -rf "$dir/inputs"
herkomst-sample --out "$dir/inputs" --staff 400 --population 1400 --entities 11 --seed 5 --events --date $SECOND >/dev/null
check "the second release, of a ledger that knows of no first" herkomst run "$ini" --quiet \
    --set "run.reference_date=$SECOND" --output "$WORK/alone.d"
python3 - "$dir/releases/$FIRST" "$WORK/alone.d/$SECOND" "$dir/releases/$SECOND" <<'END'
import hashlib, json, os, shutil, sys
first, alone, second = sys.argv[1:]
manifest = json.load(open(alone + "/manifest.json"))
manifest["previous"] = json.load(open(second + "/manifest.json"))["previous"]
json.dump(manifest, open(alone + "/manifest.json", "w"))
shutil.copy(second + "/turnover.csv", alone + "/turnover.csv")
lines = []
for folder, _, files in os.walk(alone):
    for name in files:
        path = os.path.relpath(os.path.join(folder, name), alone)
        if not path.startswith("SHA256SUMS"):
            lines.append(hashlib.sha256(open(os.path.join(alone, path), "rb").read()).hexdigest() + "  " + path + "\n")
lines.sort(key=lambda line: line[66:])
open(alone + "/SHA256SUMS", "w").write("".join(lines))
END
if "$BUILD/tests/tools/attacker" "$dir/releases/$FIRST" "$WORK/alone.d/$SECOND" >"$WORK/.out" 2>&1; then
    not_ok "protected alone, it undoes nothing: the test tests nothing"
else
    ok "protected alone, it undoes the first: $(grep -c '^violation' "$WORK/.out") violations"
fi
rm -f "$WORK/alone.d/$SECOND/SHA256SUMS.minisig"
"$BUILD/tests/tools/sign_sums" "$dir/keys/signing.key" "$WORK/alone.d/$SECOND" || not_ok "it cannot be signed"
exits 1 "such a release, in the chain and signed, does not pass" herkomst audit "$WORK/alone.d/$SECOND" \
    --public-key "$dir/keys/signing.key.pub" --previous "$dir/releases/$FIRST"
grep -q "^finding: cumulative: .*not protected with all releases together" "$WORK/.out" && ok "the cumulative rule finds it, cell by cell" ||
    not_ok "the cumulative rule does not find it"
! grep "^finding: " "$WORK/.out" | grep -vqE "cumulative|turnover" && ok "no rule but those on time finds anything" ||
    not_ok "another rule finds something: $(grep "^finding: " "$WORK/.out" | grep -vE "cumulative|turnover" | head -1)"
