# Releases in a row of a government in which people come, go, are renumbered and go to another entity, and
# an entity merges: who joined and left, by an independent recount; what is not published again, by plain
# SQL over the ledger; what a run refuses; stages by hand; kill -9 while a second release is entered.
. tests/e2e/lib.sh

FIRST=2017-06-30 SECOND=2017-12-31 THIRD=2018-06-30
dir=$WORK/gov
mkdir -p "$dir/config" "$dir/keys"
cp config/*.ini config/*.csv "$dir/config/"
herkomst keygen "$dir/keys/pseudonym.key"
herkomst keygen --signing "$dir/keys/signing.key"
ini=$dir/config/vlaanderen.ini
# Origin by sex alone, everybody by the rest: what is tested here is time, and a dozen releases are made.
sed -E 's/^(variables *= )origin, (age_band|grade)$/\1\2/' config/vlaanderen.ini >"$ini"
# And a variable that no table uses: of earlier dates nobody keeps what it is made of.
printf "\n[variable hours]\nsql = CASE WHEN fte < 1 THEN 'part' ELSE 'full' END\ncategories = part, full\n" >>"$ini"
ledger=$dir/releases/ledger.sqlite

files_of() { # DATE: the government's files of that day
    rm -rf "$dir/inputs"
    if [ -d "$WORK/inputs-$1" ]; then cp -r "$WORK/inputs-$1" "$dir/inputs"; else
        herkomst-sample --out "$dir/inputs" --staff 220 --population 800 --entities 13 --seed 5 --events --date "$1" \
            >/dev/null && cp -r "$dir/inputs" "$WORK/inputs-$1"
    fi
}
run() { # DATE OPTION...: a release of that day's files
    run_date=$1
    shift
    files_of "$run_date" && herkomst run "$ini" --quiet --set "run.reference_date=$run_date" \
        --set disclosure.suppress_effort=20000 "$@"
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
ask() { sqlite3 "$ledger" "$1"; }

# ---- three releases

check "the first release" run $FIRST
same "$(cat "$dir/releases/$FIRST/turnover.csv")" \
    "period,level,unit,management,sex,age_band,grade,joined,left,population" "its turnover.csv has a header alone"
first=$(tree_digest "$dir/releases/$FIRST")
check "the second release" run $SECOND
check "the third release" run $THIRD
same "$(tree_digest "$dir/releases/$FIRST")" "$first" "what was published is not touched"
renumbered=$(($(wc -l <"$WORK/inputs-$THIRD/alias.csv") - $(wc -l <"$WORK/inputs-$FIRST/alias.csv")))
[ "$renumbered" -gt 0 ] && ok "$renumbered people were renumbered between the first and the third" || not_ok "nobody was renumbered"

check "$SECOND: the audit says yes" audit $SECOND $FIRST
check "$THIRD: the audit says yes, with both earlier releases" audit $THIRD $SECOND $FIRST
for pair in "$SECOND $FIRST" "$THIRD $FIRST" "$THIRD $SECOND"; do
    set -- $pair
    sh tests/e2e/recount.sh "$WORK/inputs-$1" "$1" "$2" >"$WORK/recount-$1-$2.csv" 2>"$WORK/recount.err" ||
        not_ok "recount of $1 since $2"
done
oracle() { # RELEASE SINCE...
    release=$1
    shift
    recounts=
    for since in "$@"; do recounts="$recounts $WORK/recount-$release-$since.csv"; done
    sh tests/e2e/compare_turnover.sh $recounts "$dir/releases/$release" |
        sed "s/^\(ok\|not ok\) [0-9]* - /\1 - $release: /"
}
oracle $SECOND $FIRST
oracle $THIRD $FIRST $SECOND
same "$(figure $SECOND turnover_corrected)$(figure $THIRD turnover_corrected)" 00 "the files say of earlier dates what was published"

# The entity that merged: its series goes on in its successor, and nobody joined or left for that.
merged=$(awk -F, '$6 == "2017-09-30" { print $1 }' "$WORK/inputs-$SECOND/entities.csv")
into=$(awk -F, '$6 == "2017-09-30" { print $7 }' "$WORK/inputs-$SECOND/entities.csv")
into_domain=${into%-*}
predecessors() {
    python3 -c 'import json,sys; print(" ".join(u["unit"] + ":" + ",".join(u["predecessors"])
        for u in json.load(open(sys.argv[1]))["units"] if "predecessors" in u))' "$dir/releases/$1/rules.json"
}
same "$(predecessors $FIRST)" "" "$FIRST names no predecessors"
same "$(predecessors $SECOND)" "$into:$merged" "$SECOND: $into took over $merged"
same "$(predecessors $THIRD)" "$into:$merged" "$THIRD too: $merged was there on an earlier date"
people() { count "$dir/releases/$1/tables/disability.csv" entity "$2" total; }
moved=$(awk -F, -v unit="$into" '$3 == unit && $4 $5 $6 $7 == "totaltotaltotaltotal" { print $8 - $9 }' "$dir/releases/$SECOND/turnover.csv")
same "$(people $SECOND "$into")" "$(($(people $FIRST "$into") + $(people $FIRST "$merged") + moved))" \
    "head counts: the two before, and who joined and left the two together"
[ -z "$(awk -F, -v unit="$merged" '$3 == unit' "$dir/releases/$SECOND/turnover.csv")" ] &&
    ok "$merged has no turnover of its own any more" || not_ok "$merged has turnover"

# ---- the turnover rule, by SQL over the ledger and the published file alone
named() { # RELEASE: "published too early" and "not published for the rule", of units without predecessors
    tail -n +2 "$dir/releases/$1/turnover.csv" >"$WORK/turnover.csv"
    sqlite3 -batch "$ledger" >"$WORK/named" <<EOF
.mode csv
CREATE TEMP TABLE t(period, level, unit, management, sex, age_band, grade, joined INTEGER, gone INTEGER, population);
.import $WORK/turnover.csv t
CREATE TEMP TABLE moved AS
SELECT substr(period, 1, 10) AS since, joined + gone AS people, population || '|' || level || ':' || unit
    || iif(management = 'total', '', '|management=' || management) || iif(sex = 'total', '', '|sex=' || sex)
    || iif(age_band = 'total', '', '|age_band=' || age_band) || iif(grade = 'total', '', '|grade=' || grade) AS grp
FROM t;
CREATE INDEX temp.moved_index ON moved(grp, since);
CREATE TEMP TABLE cells AS
SELECT reference_date AS day, key, count, named FROM cell JOIN release ON release = number
WHERE (key GLOB '*|origin=foreign*' OR key GLOB '*|origin=eu*' OR key GLOB '*|origin=non_eu*'
       OR key GLOB '*|origin=belgian*' OR key GLOB '*|disability=yes*' OR key GLOB '*|disability=no*')
  AND key NOT GLOB '*|entity:$into|*' AND key NOT GLOB '*|domain:$into_domain|*';
CREATE INDEX temp.cells_index ON cells(key, day);
CREATE TEMP TABLE last AS
SELECT c.key, c.count, c.named,
       (SELECT max(day) FROM cells e WHERE e.key = c.key AND e.day < c.day AND e.count IS NOT NULL) AS since
FROM cells c WHERE c.day = '$1';
.mode list
SELECT sum(count IS NOT NULL AND people BETWEEN 1 AND 4) || ' ' || sum(people BETWEEN 1 AND 4) || ' ' ||
       sum((people BETWEEN 1 AND 4) <> named)
FROM last JOIN moved USING (since)
WHERE grp = replace(replace(replace(replace(replace(replace(key, '|origin=foreign', ''), '|origin=eu', ''),
    '|origin=non_eu', ''), '|origin=belgian', ''), '|disability=yes', ''), '|disability=no', '');
EOF
    cat "$WORK/named"
}
for release in $SECOND $THIRD; do
    set -- $(named $release)
    same "${1-}" 0 "$release: no figure is published again before 5 people came or went"
    [ "${2:-0}" -gt 0 ] && ok "$release: the rule names ${2-} figures" || not_ok "$release: the rule names ${2-} figures"
    same "${3-}" 0 "$release: the ledger keeps which ones it named"
    [ "$(figure $release turnover)" -gt 0 ] && ok "$release: $(figure $release turnover) are hidden for that alone" ||
        not_ok "$release: none is hidden for that alone"
done
same "$(ask "SELECT count(*) FROM cell WHERE named AND count IS NOT NULL")" 0 "none that it named is published"

same "$(herkomst history "$ledger" | cut -d, -f1-3,5 | head -3 | tail -1)" \
    "$SECOND,$SECOND,,threshold=5 zeros=protect minimum_population=0 protection=interval protection_width=5 public=head_counts turnover_threshold=5" \
    "herkomst history tells the rules of a release"

# ---- the order of releases
before=$(sha256sum <"$ledger")
exits 78 "an earlier reference date" run 2017-03-31
says "before that of release $THIRD" "it names the latest release"
exits 78 "a revision of another date" run $THIRD --set run.release=$FIRST.r2
exits 73 "a release id that was used" run $THIRD
exits 78 "another government's ledger" run 2018-12-31 --set "run.name=Elders"
same "$(sha256sum <"$ledger")" "$before" "the ledger is left alone"
check "a revision of an older release" run $SECOND --set run.release=$SECOND.r2
check "the audit says yes to it" audit $SECOND.r2 $THIRD $SECOND $FIRST
grep -q "\"replaces\": \"$SECOND\"" "$dir/releases/$SECOND.r2/manifest.json" && ok "it names what it replaces" || not_ok "it names what it replaces"
same "$(cut -d, -f1 "$dir/releases/$SECOND.r2/turnover.csv" | sort -u | tr '\n' ' ')" \
    "$FIRST/$SECOND $SECOND/$THIRD period " "its turnover looks both ways"
mv "$ledger" "$WORK/ledger"
exits 65 "releases without their ledger" run 2018-12-31
[ -e "$ledger" ] && not_ok "a new ledger was begun" || ok "no new ledger is begun"
mv "$WORK/ledger" "$ledger"
python3 -c 'import fcntl,sys,time; f=open(sys.argv[1],"r+b"); fcntl.lockf(f,fcntl.LOCK_EX,1,0x40000000); open(sys.argv[2],"w"); time.sleep(60)' \
    "$ledger" "$WORK/held" &
holder=$!
while [ ! -e "$WORK/held" ]; do sleep 0.05; done
exits 75 "a ledger that another program writes" run 2018-12-31
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null

# ---- the same bytes, whatever the threads and the order of rows
same_again() { # NAME OPTION...
    manner=$1
    shift
    rm -rf "$WORK/copy"
    mkdir "$WORK/copy"
    sqlite3 "$WORK/copy/ledger.sqlite" ".restore '$ledger'" 2>/dev/null || cp "$ledger" "$WORK/copy/ledger.sqlite"
    sqlite3 "$WORK/copy/ledger.sqlite" "DELETE FROM cell WHERE release > 1; DELETE FROM release WHERE number > 1"
    check "$manner: the second release once more" herkomst run "$ini" --quiet --output "$WORK/copy" \
        --set run.reference_date=$SECOND --set disclosure.suppress_effort=20000 "$@"
    same "$(grep -v manifest "$WORK/copy/$SECOND/SHA256SUMS")" "$(grep -v manifest "$dir/releases/$SECOND/SHA256SUMS")" "$manner: the same bytes"
}
files_of $SECOND
same_again "one thread" --threads 1
for file in "$dir"/inputs/*.csv "$dir"/inputs/personnel/*.csv; do
    { head -1 "$file"; tail -n +2 "$file" | sort -R --random-source=/dev/zero; } >"$WORK/rows" && cp "$WORK/rows" "$file"
done
same_again "shuffled rows" --threads 3

# ---- files that reach back less far than the last release: what was published leads
mkdir "$WORK/far"
far() { herkomst run "$ini" --quiet --output "$WORK/far" --set "run.reference_date=$1" --set disclosure.suppress_effort=20000; }
files_of 2016-06-30
check "a release of 2016" far 2016-06-30
files_of $THIRD
check "and the next one two years later" far $THIRD
[ "$(figure $THIRD turnover_corrected)" -gt 0 ] && ok "who left long ago is not in the files any more" ||
    not_ok "the files know everybody who left"
check "head counts and turnover agree all the same" herkomst audit "$WORK/far/$THIRD" \
    --public-key "$dir/keys/signing.key.pub" --previous "$WORK/far/2016-06-30"

# ---- stages by hand
hand=$WORK/hand
mkdir "$hand" "$hand/w" "$hand/out"
herkomst keygen --recipient "$hand/r.key"
sqlite3 "$hand/out/ledger.sqlite" ".restore '$WORK/copy/ledger.sqlite'"
cp -r "$dir/releases/$FIRST" "$hand/out/"
sqlite3 "$hand/out/ledger.sqlite" "DELETE FROM cell WHERE release > 1; DELETE FROM release WHERE number > 1"
files_of $SECOND
stage() { # NAME OPTION...
    name=$1
    shift
    rm -f "$hand/w/$(herkomst-"$name" --describe | sed -n 's/.*"output": {"file": "\([^"]*\)".*/\1/p')"
    "herkomst-$name" "$ini" --work "$hand/w" --key-file "$hand/r.key" --quiet --output "$hand/out" \
        --set run.reference_date=$SECOND --set disclosure.suppress_effort=20000 "$@"
}
for name in pseudonymise link derive aggregate; do stage $name || not_ok "$name by hand"; done
exits 65 "suppress without turnover since $FIRST" stage suppress
says "hint: .*--since" "it says which option is needed"
stage link --since $FIRST && stage derive && stage aggregate || not_ok "stages by hand"
check "suppress with it" stage suppress
publish() { herkomst-publish "$ini" --work "$hand/w" --key-file "$hand/r.key" --output "$1" --quiet --set run.reference_date=$SECOND --set disclosure.suppress_effort=20000; }
mkdir "$WORK/empty"
exits 65 "publish with another ledger" publish "$WORK/empty"
says "other earlier releases" "it says why"

# ---- kill -9 on entering each call that changes the disk, as the second release is entered
fresh() {
    rm -rf "$WORK/o"
    cp -r "$hand/out" "$WORK/o"
}
fresh
check "publish by hand" publish "$WORK/o"
want=$(tree_digest "$WORK/o/$SECOND")
good=$(sqlite3 "$WORK/o/ledger.sqlite" "SELECT * FROM release; SELECT * FROM cell" | sha256sum)
points=0; none=0; complete=0; broken=0; unsettled=0
for call in pwrite64 openat,write fsync,fdatasync,syncfs rename,renameat2,unlink,unlinkat,mkdir,ftruncate; do
    n=1
    while :; do
        fresh
        strace -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n \
            herkomst-publish "$ini" --work "$hand/w" --key-file "$hand/r.key" --output "$WORK/o" --quiet \
            --set run.reference_date=$SECOND --set disclosure.suppress_effort=20000 >/dev/null 2>&1 && break
        points=$((points + 1))
        if [ ! -e "$WORK/o/$SECOND" ]; then none=$((none + 1)); else
            complete=$((complete + 1))
            [ "$(tree_digest "$WORK/o/$SECOND")" = "$want" ] || broken=$((broken + 1))
        fi
        [ "$(tree_digest "$WORK/o/$FIRST")" = "$first" ] || broken=$((broken + 1))
        publish "$WORK/o" >/dev/null 2>&1
        again=$?
        [ $again -eq 0 ] || [ $again -eq 73 ] || unsettled=$((unsettled + 1))
        [ "$(tree_digest "$WORK/o/$SECOND")" = "$want" ] || unsettled=$((unsettled + 1))
        [ "$(sqlite3 "$WORK/o/ledger.sqlite" "SELECT * FROM release; SELECT * FROM cell" | sha256sum)" = "$good" ] ||
            unsettled=$((unsettled + 1))
        n=$(next_kill $n)
    done
done
same "$broken" 0 "no broken release after $points kills ($none before, $complete after publication)"
same "$unsettled" 0 "after each, publishing again gives the same release and the same ledger"
[ "$points" -ge 40 ] && [ "$none" -gt 0 ] && [ "$complete" -gt 0 ] && ok "kills fell before and after publication" ||
    not_ok "kills fell before ($none) and after ($complete) publication"
