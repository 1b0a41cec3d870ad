# A country in less memory than its rows take: what does not fit is spilled to an encrypted temporary file
# without a name. The same bytes come out, memory stays within the limit, and nothing is left of the file
# when the stage is killed or the disk is full.
. tests/e2e/lib.sh

people=4500000 # in memory well above the limit
limit=256 # MB, the least that there may be
mkdir -p "$WORK/config" "$WORK/keys"
cp config/national.ini config/countries.csv "$WORK/config/"
ini=$WORK/config/national.ini
check "a country" herkomst-sample --national $people --out "$WORK/inputs"
check "a key" herkomst keygen "$WORK/keys/pseudonym.key"
check "a signing key" herkomst keygen --signing "$WORK/keys/signing.key"
herkomst keygen --recipient "$WORK/r.key"
run() { # NAME OPTION...
    name=$1
    shift
    exits 0 "$name" herkomst run "$ini" --output "$WORK/$name" --quiet --profile \
        --set "table origin-sex.variables=origin" --set "table origin-age.variables=origin" \
        --set "table origin-region.variables=origin" "$@"
    awk '/^(pseudonymise|link|derive|aggregate) / { print $1, int($6) }' "$WORK/.out" >"$WORK/$name.peak"
}
peaks() { # NAME [LIMIT]: stages above the limit
    awk -v limit=${2:-$limit} '$2 > limit { print $1 }' "$WORK/$1.peak" | tr '\n' ' '
}
run all-in-memory --memory 4G
same "$(peaks all-in-memory)" "pseudonymise " "in memory, pseudonymise takes more than $limit MB"
same "$(peaks all-in-memory 64)" "pseudonymise link " "derive and aggregate take little in any case"
digest=$(tree_digest "$WORK/all-in-memory/2017-12-31")
run little --memory ${limit}M
same "$(tree_digest "$WORK/little/2017-12-31")" "$digest" "in $limit MB: the same bytes"
same "$(peaks little)" "" "and no stage takes more"
same "$(find "$WORK/little" -name '*.part')" "" "and nothing is left of the temporary file"
run one-thread --memory $((limit * 5 / 4 * 1024))K --threads 1
same "$(tree_digest "$WORK/one-thread/2017-12-31")" "$digest" "in a quarter more, by one thread: the same bytes"

# Half a year later, everybody's places of then are compared with those of now.
later="--set run.reference_date=2018-06-30"
run all-in-memory $later --memory 4G
same "$(peaks all-in-memory 64)" "pseudonymise link " "a second release: derive and aggregate take little too"
run little $later --memory ${limit}M
same "$(peaks little)" "" "in $limit MB: no stage takes more"
same "$(tree_digest "$WORK/little/2018-06-30")" "$(tree_digest "$WORK/all-in-memory/2018-06-30")" "and the same bytes"
[ "$(awk -F, 'NR > 1 && $(NF-2) + $(NF-1) > 0' "$WORK/little/2018-06-30/turnover.csv" | wc -l)" -gt 0 ] && ok "of people who came and went" ||
    not_ok "nobody came or went"

# What a look at the stage shows while it works, and what is left when it is killed.
stage() { # FOLDER OPTION...
    mkdir -p "$1"
    work=$1
    shift
    herkomst-pseudonymise "$ini" --work "$work" --key-file "$WORK/r.key" --quiet --memory ${limit}M "$@"
}
spilled() { # PID: the open temporary file, once it has some bytes
    for file in /proc/"$1"/fd/*; do
        case $(readlink "$file") in *spill-*.part*) [ "$(stat -Lc %s "$file" 2>/dev/null)" -gt 1000000 ] && echo "$file" ;; esac
    done 2>/dev/null
}
looked=0; named=0; clear=0; killed=0; left=0
for pause in 0 0.3 0.9 1.8; do
    rm -rf "$WORK/k" && mkdir "$WORK/k"
    stage "$WORK/k" >/dev/null 2>&1 &
    shell=$!
    pid=; file=; tries=0
    while [ -z "$file" ] && [ $tries -lt 3000 ] && kill -0 $shell 2>/dev/null; do
        tries=$((tries + 1))
        [ -n "$pid" ] || pid=$(pgrep -f "herkomst-pseudonymise $ini --work $WORK/k")
        for own in $pid; do file=$(spilled "$own"); [ -n "$file" ] && break; done
        sleep 0.01
    done
    sleep $pause
    kill -STOP $own 2>/dev/null
    if [ -n "$file" ] && [ -e "$file" ]; then
        looked=$((looked + 1))
        [ "$(stat -Lc '%a %h' "$file")" = "600 0" ] || named=$((named + 1))
        # Ciphertext cannot be compressed, and rows can. Zeros are holes: blocks on their way, or dropped.
        { head -c 4000000 "$file" | tail -c 1000000; tail -c 1000000 "$file"; } | tr -d '\000' >"$WORK/bytes"
        [ "$(gzip -c "$WORK/bytes" | wc -c)" -ge $(($(wc -c <"$WORK/bytes") / 1000 * 995)) ] || clear=$((clear + 1))
        sed -n 2,2001p "$WORK/inputs/register.csv" | cut -d, -f1 | grep -aFc -f - "$WORK/bytes" | grep -qx 0 || clear=$((clear + 1))
    fi
    kill -9 $own 2>/dev/null
    wait $shell 2>/dev/null
    [ $? -gt 128 ] && killed=$((killed + 1))
    left=$((left + $(find "$WORK/k" -type f ! -name '*.zone.part' | wc -l)))
done
[ $looked -ge 2 ] && [ $killed -ge 2 ] && ok "the temporary file was looked at, and the stage killed ($looked, $killed)" ||
    not_ok "looked at $looked, killed $killed"
same "$named" 0 "it is its owner's alone, and has no name"
same "$clear" 0 "nothing in it is in clear"
same "$left" 0 "and nothing is left of it after kill -9"

# Files that may not grow, and a full disk.
exits 74 "a file that may not grow" sh -c "trap '' XFSZ; ulimit -f 40000; mkdir '$WORK/g' && exec herkomst-pseudonymise '$ini' \
    --work '$WORK/g' --key-file '$WORK/r.key' --quiet --memory ${limit}M"
says "error: temporary file: cannot be written" "its message"
same "$(ls "$WORK/g")" "" "nothing is left"
mkdir "$WORK/full"
if mount -t tmpfs -o size=64m tmpfs "$WORK/full" 2>/dev/null; then
    exits 74 "a full disk" stage "$WORK/full"
    says "temporary file: cannot be written: No space left on device" "its message"
    same "$(ls "$WORK/full")" "" "a full disk: nothing is left"
    umount "$WORK/full"
else
    ok "a full disk # skipped here: no tmpfs may be mounted"
fi
exits 64 "too little memory" herkomst run "$ini" --memory 255M
says "^herkomst: error: --memory: too little to work in; the least is 256M" "its message names the least"
exits 64 "no size" herkomst run "$ini" --memory 1T
