# The command line of all programs: help equals man page, misuse is refused alike, output is clean.
. tests/e2e/lib.sh

for path in "$BIN"/herkomst "$BIN"/herkomst-*; do
    name=$(basename "$path")
    exits 0 "$name --help" "$path" --help
    usage=$(sed -n '1s/^Usage: //p' "$WORK/.out")
    synopsis=$(mandoc -T ascii "$BUILD/man/man1/$name.1" | col -b | sed -n '/^SYNOPSIS/{n;s/^ *//;p}')
    same "$(echo "$synopsis" | tr -s ' ')" "$usage" "$name: man page and --help agree on the synopsis"
    # Every option of --help is in the man page, and the other way round.
    same "$(mandoc -T ascii "$BUILD/man/man1/$name.1" | col -b | grep -oE '^ +--[a-z-]+' | tr -d ' ' | sort -u | tr '\n' ' ')" \
        "$(grep -oE '^ +--[a-z-]+' "$WORK/.out" | tr -d ' ' | sort -u | tr '\n' ' ')" "$name: and on the options"
    check "$name: man page is clean" mandoc -T lint -W warning "$BUILD/man/man1/$name.1"
    exits 0 "$name --version" "$path" --version
    same "$(cat "$WORK/.out")" "$name $(herkomst --version | cut -d' ' -f2)" "$name: the version"
    exits 64 "$name: unknown option" "$path" --nonsense
    says "^[a-z]*: error: unknown option --nonsense" "$name: its message"
    says "^[a-z]*: hint: " "$name: with a hint"
    same "$(cat "$WORK/.out")" "" "$name: nothing on stdout on an error"
    exits 64 "$name: no arguments" "$path"
done
for stage in pseudonymise link derive aggregate convert suppress publish; do
    exits 0 "$stage --describe" "herkomst-$stage" --describe
    cp "$WORK/.out" "$WORK/declaration"
    check "$stage: its declaration is JSON" python3 -m json.tool "$WORK/declaration"
    exits 0 "herkomst help $stage" herkomst help "$stage"
    same "$(cat "$WORK/.out")" "$("herkomst-$stage" --help)" "herkomst help $stage prints its help"
    exits 64 "$stage: a doubled option" "herkomst-$stage" x.ini --work a --work b
    exits 64 "$stage: an option without its value" "herkomst-$stage" x.ini --work
    exits 64 "$stage: threads that are no number" "herkomst-$stage" "$PWD/config/vlaanderen.ini" --work "$WORK" --threads many --key-file x
    exits 64 "$stage: too many arguments" "herkomst-$stage" a b --work c
done
# Only pseudonymise may read the pseudonym key, only publish the signing key.
for stage in pseudonymise link derive aggregate convert suppress publish; do
    "herkomst-$stage" --describe
done >"$WORK/all"
same "$(grep -c 'read pseudonym key' "$WORK/all")" 1 "one stage may read the pseudonym key"
same "$(grep -c 'read signing key' "$WORK/all")" 1 "one stage may read the signing key"
same "$(grep -c 'read datasets' "$WORK/all")" 1 "one stage may read the datasets"

exits 0 "help config" herkomst help config
for key in reference_date authorisation max_rejected delimiter sql sensitive threshold protection_width; do
    grep -q "^  $key " "$WORK/.out" && ok "help config knows $key" || not_ok "help config knows $key"
done
for command in run check export decrypt keygen history; do
    exits 0 "help $command" herkomst help $command
    grep -q "^Usage: herkomst $command " "$WORK/.out" && ok "it is of $command" || not_ok "it is of another one"
    exits 64 "$command without arguments" herkomst $command
    says "herkomst $command --help" "it says where help is"
done
exits 64 "an unknown command" herkomst frobnicate
exits 64 "keygen with two kinds" herkomst keygen --signing --split 3 "$WORK/k"
exits 64 "keygen into one share" herkomst keygen --split 1 "$WORK/k"
exits 0 "keygen" herkomst keygen "$WORK/k"
same "$(stat -c '%s %a' "$WORK/k")" "32 600" "a pseudonym key: 32 bytes, mode 0600"
exits 0 "keygen --split 3" herkomst keygen --split 3 "$WORK/share"
same "$(ls "$WORK"/share* | wc -l)" 3 "three share files"
exits 0 "keygen --signing" herkomst keygen --signing "$WORK/s"
check "minisign can sign with the signing key" sh -c "echo x >'$WORK/x' && minisign -Sm '$WORK/x' -s '$WORK/s' </dev/null && minisign -Vm '$WORK/x' -p '$WORK/s.pub' -q"
exits 66 "history of no ledger" herkomst history "$WORK/none"
exits 65 "history of something else" herkomst history "$WORK/s"
herkomst --help >/dev/full 2>/dev/null
same "$?" 74 "a full standard output is an error"
exits 64 "JSON messages" herkomst-link --log-json
exits 66 "JSON messages" herkomst-link "$WORK/none.ini" --work "$WORK" --key-file x --log-json
check "each line is an object" python3 -c "import json,sys; [json.loads(l) for l in open('$WORK/.err')]"
