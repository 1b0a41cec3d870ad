# Bad input and misuse: a clear message, the documented exit code, no release, no changed ledger.
. tests/e2e/lib.sh

base=$WORK/base
check "a tiny government" government "$base" --staff 150 --population 500 --entities 4 --seed 3
ini=config/vlaanderen.ini
fresh() { # a copy to break
    rm -rf "$WORK/t"
    mkdir "$WORK/t"
    cp -r "$base/config" "$base/keys" "$base/inputs" "$WORK/t/"
    cd "$WORK/t" || exit 1
}
nothing() { # DESCRIPTION: no release, no half-written one
    if [ -e releases/2017-12-31 ] || ls -d releases/.new-* releases/.work-* >/dev/null 2>&1; then
        not_ok "$1: something was left"
    else
        ok "$1: no release"
    fi
}
refused() { # CODE PATTERN DESCRIPTION COMMAND...
    want=$1
    pattern=$2
    what=$3
    shift 3
    exits "$want" "$what" "$@"
    says "$pattern" "$what: the message"
    nothing "$what"
}
first_file() { ls inputs/personnel/*.csv | head -1; }

# The files, section 4.
fresh; printf '\377\376a\000' >inputs/register.csv; refused 65 'register\.csv' "UTF-16" herkomst run $ini
fresh; : >inputs/register.csv; refused 65 'register\.csv' "an empty file" herkomst run $ini
fresh; sed -i '5s/$/,more/' inputs/register.csv; refused 65 'register\.csv line 5: [0-9]+ fields, [0-9]+ expected' "a ragged row" herkomst run $ini
fresh; printf '"open' >>inputs/filiation.csv; refused 65 'filiation\.csv line' "an unterminated quote" herkomst run $ini
fresh; sed -i '3s/^./\x00/' inputs/nationality.csv; refused 65 'nationality\.csv line 3' "a NUL byte" herkomst run $ini
fresh; sed -i '4s/^/\xff/' inputs/register.csv; refused 65 'register\.csv line 4' "invalid UTF-8" herkomst run $ini
fresh; sed -i '1s/^\([^,]*\),[^,]*/\1,\1/' inputs/register.csv; refused 65 'register\.csv' "a doubled header" herkomst run $ini
fresh; sed -i '1s/Entiteit/Dienst/' "$(first_file)"; refused 65 'Entiteit' "a mapped column that is missing" herkomst run $ini
fresh; rm inputs/register.csv; refused 66 'register' "a missing file" herkomst run $ini
fresh; rm inputs/personnel/*.csv; refused 66 'personnel' "a glob that matches nothing" herkomst run $ini
fresh; sed -i '2,100s/;[0-9]*\/[0-9]*\/[0-9]*;/;31.02.2017;/' "$(first_file)"; refused 65 'personnel' "too many rejected rows" herkomst run $ini
grep -q "^personnel,$(basename "$(first_file)"),[0-9]*,date$" quality/2017-12-31/rejected.csv && ok "rejected rows are listed by file, line and reason" || not_ok "rejected rows are listed"
same "$(stat -c %a quality/2017-12-31/rejected.csv)" 600 "the list is private"
fresh; sed -i '2s/^[^,]*/-x/' inputs/entities.csv; refused 65 'entities\.csv line 2' "a bad entity code" herkomst run $ini

# The configuration, section 3.
edit() { sed -i "$1" $ini; }
fresh; edit 's/^authorisation.*//'; refused 78 'authorisation' "no authorisation" herkomst run $ini
fresh; edit 's/^name = .*/&\nnonsense = 1/'; refused 78 'vlaanderen\.ini line' "an unknown key" herkomst run $ini
fresh; printf '\n[nonsense]\na = 1\n' >>$ini; refused 78 'vlaanderen\.ini line' "an unknown section" herkomst run $ini
fresh; printf '\n[run]\nname = Again\n' >>$ini; refused 78 'line [0-9]+: section \[run\] is there twice' "a doubled section" herkomst run $ini
fresh; edit 's/^name = .*/&\n&/'; refused 78 'line [0-9]+: .*name' "a doubled key" herkomst run $ini
fresh; refused 78 'threshold' "a threshold that is no number" herkomst run $ini --set disclosure.threshold=five
refused 78 'threshold' "a threshold below 1" herkomst run $ini --set disclosure.threshold=0
refused 78 'nonsense' "--set of an unknown key" herkomst run $ini --set run.nonsense=1
fresh; refused 78 'origin' "SQL that reaches for another table" herkomst run $ini --set 'variable origin.sql=(SELECT 1 FROM sqlite_master)'
refused 78 'origin' "SQL with an impure function" herkomst run $ini --set 'variable origin.sql=random() > 0'
refused 78 'origin' "SQL that returns no category" herkomst run $ini --set "variable origin.sql='martian'"
refused 78 'sex' "SQL with a syntax error" herkomst run $ini --set 'variable sex.sql=sex +'
refused 78 'refused|special|sensitive' "an attribute on religion" herkomst run $ini --set 'dataset personnel.attribute.religie=Kader'
refused 66 'ini' "no configuration" herkomst run config/none.ini
refused 78 'reference_date' "a date that does not exist" herkomst run $ini --set run.reference_date=2017-02-30

# Keys.
fresh; chmod 644 keys/pseudonym.key; refused 77 'pseudonym' "a key that others can read" herkomst run $ini
fresh; chmod 640 keys/signing.key; refused 77 'signing' "a signing key that the group can read" herkomst run $ini
fresh; head -c 31 keys/pseudonym.key >k && cat k >keys/pseudonym.key; refused 77 'pseudonym' "a short key" herkomst run $ini
fresh; rm keys/signing.key; refused 77 'signing' "no signing key" herkomst run $ini
fresh; mv keys/pseudonym.key k; ln -s ../k keys/pseudonym.key; refused 77 'pseudonym' "a key behind a link" herkomst run $ini
exits 73 "keygen does not replace a key" herkomst keygen keys/signing.key.pub

# The output.
fresh; mkdir -p releases/2017-12-31; exits 73 "an existing release" herkomst run $ini; says 'exists' "the message"
same "$(ls -A releases/2017-12-31 | wc -l)" 0 "it is left alone"
fresh; check "a first run" herkomst run $ini --quiet
before=$(sha256sum releases/ledger.sqlite; tree_digest releases/2017-12-31)
exits 73 "the same release id again" herkomst run $ini
rm -rf releases/2017-12-31.gone; mv releases/2017-12-31 ../kept; mkdir -p releases/other; cp ../kept/manifest.json releases/other/
exits 73 "an id that the ledger knows" herkomst run $ini; says 'used before' "the message"
mv ../kept releases/2017-12-31; rm -r releases/other
same "$(sha256sum releases/ledger.sqlite; tree_digest releases/2017-12-31)" "$before" "release and ledger are unchanged"
check "a revision is possible" herkomst run $ini --quiet --set run.release=2017-12-31.r2
same "$(python3 -c 'import json; print(json.load(open("releases/2017-12-31.r2/manifest.json"))["replaces"])')" 2017-12-31 "it names what it replaces"
mv releases/ledger.sqlite ../l; exits 65 "a ledger that is gone" herkomst run $ini --set run.release=2017-12-31.r3; says 'ledger is missing' "the message"
mv ../l releases/ledger.sqlite; exits 78 "another government's ledger" herkomst run $ini --set run.release=2017-12-31.r3 --set run.name=Elders --set run.code=VO
(flock 9; exits 75 "another run holds the lock" herkomst run $ini --set run.release=2017-12-31.r3; echo $number >../n) 9>>releases/.herkomst.lock
number=$(cat ../n)
fresh; echo precious >keep; chmod 600 keep; exits 0 "input and output are different files" true
mkdir full; if mount -t tmpfs -o size=64k tmpfs full 2>/dev/null; then
    exits 74 "a full disk" herkomst run $ini --output full/releases
    same "$(ls full/releases 2>/dev/null)" "" "a full disk: no release"
    umount full
else
    ok "a full disk # skipped here: no tmpfs may be mounted"
fi
fresh; mkdir locked; chmod 500 locked; [ "$(id -u)" -eq 0 ] || exits 73 "an output folder without permission" herkomst run $ini --output locked/releases

# Intermediate files, by hand.
fresh; mkdir w; herkomst keygen --recipient r.key; herkomst keygen --recipient other.key
stage() { name=$1; shift; "herkomst-$name" $ini --work w --key-file r.key "$@"; }
exits 0 "pseudonymise by hand" stage pseudonymise
cp w/pseudonymised.zone p; head -c 5000 p >w/pseudonymised.zone
exits 65 "a truncated intermediate file" stage link
cp p w/pseudonymised.zone; printf x >>w/pseudonymised.zone; exits 65 "an intermediate file with a byte more" stage link
cp p w/pseudonymised.zone; printf '\001' | dd of=w/pseudonymised.zone bs=1 seek=3000 conv=notrunc 2>/dev/null; exits 65 "an altered intermediate file" stage link
[ -e w/linked.zone ] && not_ok "no output of a refused input" || ok "no output of a refused input"
cp p w/pseudonymised.zone; exits 77 "another recipient's key" "herkomst-link" $ini --work w --key-file other.key
exits 0 "link by hand" stage link
exits 73 "an output file that exists" stage link
cp w/linked.zone w/derived.zone; exits 65 "a swapped intermediate file" stage aggregate; rm w/derived.zone
exits 65 "an intermediate file of another release" stage derive --set run.release=2017-06-30
exits 66 "no input file" stage suppress
chmod 644 r.key; exits 77 "a recipient key that others can read" stage derive
mkdir home; exits 0 "a data holder pseudonymises for the linking party's public key" herkomst-pseudonymise $ini --work home --recipient r.key.pub
cd / || exit 1
