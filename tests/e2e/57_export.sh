# herkomst export and decrypt: the counts before suppression for other tools. Read back by an independent
# reader and found equal to a recount of the raw files; never in clear on disk; nothing without the key.
. tests/e2e/lib.sh

dir=$WORK/gov
check "a government" government "$dir" --staff 4000 --population 9000 --entities 15 --seed 12
ini=$dir/config/vlaanderen.ini
check "its release" herkomst run "$ini" --quiet
check "the office's key" herkomst keygen --recipient "$WORK/office"
export_to() { # FORMAT FILE OPTION...
    format=$1
    file=$2
    shift 2
    herkomst export "$ini" --format "$format" --recipient "$WORK/office.pub" --to "$file" --quiet "$@"
}
mkdir "$WORK/out"
for format in tauargus sdctable; do
    exits 0 "export --format $format" export_to $format "$WORK/out/$format.zone"
    same "$(cat "$WORK/.out" "$WORK/.err")" "" "$format: it says nothing"
    same "$(stat -c %a "$WORK/out/$format.zone")" 600 "$format: the file is its owner's alone"
    herkomst decrypt "$WORK/out/$format.zone" --key-file "$WORK/office" >"$WORK/$format.zip"
    same "$?" 0 "$format: decrypt"
    check "$format: again, with another number of threads" export_to $format "$WORK/again.zone" --threads 1
    herkomst decrypt "$WORK/again.zone" --key-file "$WORK/office" >"$WORK/again.zip"
    check "$format: the same bytes inside" cmp "$WORK/$format.zip" "$WORK/again.zip"
    ! cmp -s "$WORK/out/$format.zone" "$WORK/again.zone" && ok "$format: and others outside" || not_ok "$format: the same key twice"
    rm "$WORK/again.zone"
done
same "$(ls -A "$WORK/out" | tr '\n' ' ')" "sdctable.zone tauargus.zone " "nothing else is left beside the files"
sh tests/e2e/recount.sh "$dir/inputs" 2017-12-31 >"$WORK/recount"
python3 tests/e2e/check_export.py "$dir/releases/2017-12-31" "$WORK/recount" "$WORK/tauargus.zip" "$WORK/sdctable.zip"

# Confidential: no unit, category or header of the tables in clear in any file that was written.
set -- -e entity: -e foreign -e SEPARATOR -e protect
same "$(cat "$WORK"/out/* | grep -aFc "$@")" 0 "no code in clear in the files"
[ "$(grep -aFc "$@" "$WORK/tauargus.zip")" -gt 500 ] && ok "the search finds what is there" || not_ok "the search finds nothing"
strace -f -e trace=openat,creat -o "$WORK/trace" herkomst decrypt "$WORK/out/tauargus.zone" \
    --key-file "$WORK/office" >/dev/null
same "$(grep -c 'tauargus.zone' "$WORK/trace") $(grep -cE 'O_(WRONLY|RDWR|CREAT)' "$WORK/trace")" "1 0" \
    "decrypt opens its input, and no file for writing"

# Refused.
check "another key" herkomst keygen --recipient "$WORK/stranger"
exits 77 "decrypt with another key" herkomst decrypt "$WORK/out/tauargus.zone" --key-file "$WORK/stranger"
same "$(wc -c <"$WORK/.out")" 0 "it prints nothing"
exits 77 "decrypt without the key" herkomst decrypt "$WORK/out/tauargus.zone" --key-file "$WORK/nowhere"
exits 64 "decrypt with no key" herkomst decrypt "$WORK/out/tauargus.zone"
exits 66 "decrypt of nothing" herkomst decrypt "$WORK/nothing" --key-file "$WORK/office"
exits 65 "decrypt of something else" herkomst decrypt "$WORK/tauargus.zip" --key-file "$WORK/office"
whole=$WORK/out/tauargus.zone
head -c -1 "$whole" >"$WORK/shorter"
cat "$whole" "$WORK/recount" >"$WORK/longer"
{ head -c 9000 "$whole"; printf altered; tail -c +9008 "$whole"; } >"$WORK/altered"
for changed in shorter longer altered; do
    exits 65 "decrypt of a file that is $changed" herkomst decrypt "$WORK/$changed" --key-file "$WORK/office"
    same "$(wc -c <"$WORK/.out")" 0 "it prints nothing"
done
exits 73 "a file that exists" export_to tauargus "$WORK/out/tauargus.zone"
exits 73 "a folder that does not" export_to tauargus "$WORK/none/x.zone"
exits 64 "another format" export_to excel "$WORK/out/x.zone"
exits 64 "no recipient" herkomst export "$ini" --format tauargus --to "$WORK/out/x.zone"
exits 66 "a recipient that is not there" herkomst export "$ini" --format tauargus --recipient "$WORK/none.pub" --to "$WORK/out/x.zone"
exits 77 "a recipient that is none" herkomst export "$ini" --format tauargus --recipient "$WORK/recount" --to "$WORK/out/x.zone"
exits 78 "a configuration that is none" herkomst export "$WORK/recount" --format tauargus --recipient "$WORK/office.pub" --to "$WORK/out/x.zone"
rm "$dir/inputs/register.csv"
exits 66 "without its inputs" export_to tauargus "$WORK/out/x.zone"
same "$(ls -A "$WORK/out" | tr '\n' ' ')" "sdctable.zone tauargus.zone " "what failed leaves nothing"
