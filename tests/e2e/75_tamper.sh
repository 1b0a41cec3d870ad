# A release that was changed without the publisher's key is refused, however little was changed; and hostile
# releases end an audit with an answer (1) or with bad data (65), soon and in little memory.
#   TAMPER_EVERY=50   two bits are flipped in every so manieth byte (check-full: 1, every byte)
#   HOSTILE_ALL=1     every file is once a gigabyte, not one of them
#   TAMPER_SAMPLE=2   the default sample's release too (45,000 staff, 382 files of 24 MB): all changes of files and
#                     lines, and two bits in so many bytes of each file. Unset: not
. tests/e2e/lib.sh

fast=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$WORK" "$fast"' EXIT INT TERM
dir=$WORK/g
check "a small government is made" government "$dir" --staff 60 --population 240 --entities 3 --seed 5
# Without most of its tables the release is small enough for every byte.
awk '/^\[/ { skip = /(table|variable|target) (origin-age|origin-level|management|age|grade|disab|women)/ } !skip' \
    "$dir/config/vlaanderen.ini" >"$dir/config/small.ini"
publish() { # DATE
    herkomst run "$dir/config/small.ini" --quiet --set run.max_rejected=20% --set run.reference_date="$1" \
        --set run.release="$1"
}
check "its first release" publish 2016-12-31
check "its second one" publish 2017-12-31
release=$dir/releases/2017-12-31
key=$dir/keys/signing.key
check "somebody else's key" herkomst keygen --signing "$WORK/other.key"
audit() { herkomst audit "$1" --public-key "$key.pub"; }
check "the second passes" audit "$release"

cp -r "$dir/releases/2016-12-31" "$fast/r"
check "the first one, changed: every change is refused" "$BUILD/tests/tools/tamper" "$fast/r" "$key.pub" \
    "$WORK/other.key" "$release" --every "${TAMPER_EVERY:-50}"
sed 's/^/# /' "$WORK/.out" | tail -1
cases=$(tail -1 "$WORK/.out" | cut -d' ' -f1)
[ "${cases:-0}" -ge 5000 ] && ok "those were 5000 changes or more" || not_ok "only ${cases:-0} changes were tried"

if [ -n "${TAMPER_SAMPLE:-}" ]; then
    sample=$fast/sample
    check "the sample is made" government "$sample"
    check "its release" herkomst run "$sample/config/vlaanderen.ini" --quiet
    rm -rf "$sample/inputs"
    check "the sample's release, changed: every change is refused" "$BUILD/tests/tools/tamper" \
        "$sample/releases/2017-12-31" "$sample/keys/signing.key.pub" "$WORK/other.key" "$release" --most "$TAMPER_SAMPLE"
    sed 's/^/# the sample: /' "$WORK/.out" | tail -1
    rm -rf "$sample"
fi

exits 1 "another publisher's key" herkomst audit "$release" --public-key "$WORK/other.key.pub"

# ---- hostile, and signed all the same ----
hostile() { # NAME: a fresh copy, to be changed and sealed
    rm -rf "$fast/r"
    cp -r "$release" "$fast/r"
    name=$1
}
seal() {
    (cd "$fast/r" && rm -f SHA256SUMS SHA256SUMS.minisig &&
        find . -type f | sed 's,^\./,,' | LC_ALL=C sort | xargs sha256sum >../sums && mv ../sums SHA256SUMS)
    "$BUILD/tests/tools/sign_sums" "$key" "$fast/r" || not_ok "$name: cannot be signed"
}
refused() { # in less than 60 seconds and 1 GB
    timeout 60 /usr/bin/time -o "$WORK/time" -f %M herkomst audit "$fast/r" --public-key "$key.pub" >"$WORK/.out" 2>"$WORK/.err"
    code=$?
    memory=$(tail -1 "$WORK/time")
    if { [ $code -eq 1 ] || [ $code -eq 65 ]; } && [ "$memory" -lt 1000000 ]; then
        ok "$name: refused with $code, $((memory / 1024)) MB"
    else
        not_ok "$name: code $code, $memory kB"
        head -3 "$WORK/.err" | sed 's/^/# /'
    fi
}
many() { # COUNT TEXT: over and over
    yes "$2" | head -n "$1" | tr -d '\n'
}

large=certificate.json
[ -z "${HOSTILE_ALL:-}" ] || large="$large tables/origin.csv rules.json manifest.json quality.csv turnover.csv SHA256SUMS.minisig"
for file in $large; do
    hostile "a gigabyte of zeros as $file"
    rm "$fast/r/$file"
    truncate -s 1G "$fast/r/$file"
    case $file in SHA*) ;; *) seal ;; esac
    refused
done
for file in rules.json certificate.json manifest.json; do
    hostile "$file a million brackets deep"
    many 1000000 '[' >"$fast/r/$file"
    seal
    refused
    hostile "$file of a million objects in one another"
    many 1000000 '{"a":' >"$fast/r/$file"
    seal
    refused
done
hostile "a certificate of 60 MB of witnesses"
{
    printf '{"format": "herkomst-certificate/1", "release": "2017-12-31", "witnesses": ['
    many 6000000 '{"a": 1}, '
    printf '{}], "proofs": []}'
} >"$fast/r/certificate.json"
seal
refused
hostile "numbers out of range"
sed -i 's/"threshold": 5/"threshold": 99999999999999999999/' "$fast/r/rules.json"
seal
refused
hostile "counts out of range"
sed -i '2s/,[0-9]*,$/,99999999999999999999,/' "$fast/r/tables/origin.csv"
seal
refused
hostile "a floor out of range"
sed -i 's/"low": [0-9]*, "high": [0-9]*/"floor": 9223372036854775807/' "$fast/r/certificate.json"
seal
refused
hostile "invalid UTF-8"
printf '\377\376' >>"$fast/r/quality.csv"
seal
refused
hostile "invalid UTF-8 in rules.json"
sed -i 's/"name": "/&\xff/' "$fast/r/rules.json"
seal
refused
hostile "a path that leaves the folder"
printf '%s  ../../etc/passwd\n' "$(sha256sum /etc/passwd | cut -c1-64)" >>"$fast/r/SHA256SUMS"
rm "$fast/r/SHA256SUMS.minisig"
"$BUILD/tests/tools/sign_sums" "$key" "$fast/r"
refused
hostile "a table that is called like a path"
sed -i 's,"name": "origin-sex","name": "../../x",' "$fast/r/rules.json"
seal
refused
hostile "a link"
mv "$fast/r/quality.csv" "$WORK/quality.csv"
ln -s "$WORK/quality.csv" "$fast/r/quality.csv"
refused
hostile "a device"
rm "$fast/r/quality.csv"
mkfifo "$fast/r/quality.csv"
refused
hostile "folders a hundred deep"
(cd "$fast/r" && for _ in $(seq 100); do mkdir d && cd d || exit 1; done)
refused
hostile "ten thousand files more"
(cd "$fast/r" && seq 10000 | xargs touch)
seal
refused
