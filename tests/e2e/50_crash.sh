# kill -9 at any moment leaves either no release or the whole one, and the next run succeeds.
. tests/e2e/lib.sh

dir=$WORK/gov
check "a tiny government" government "$dir" --staff 150 --population 500 --entities 4 --seed 5
ini=$dir/config/vlaanderen.ini
mkdir "$WORK/w"
herkomst keygen --recipient "$WORK/r.key"
for stage in pseudonymise link derive aggregate suppress; do
    "herkomst-$stage" "$ini" --work "$WORK/w" --key-file "$WORK/r.key" --quiet || not_ok "$stage"
done
whole() { # FOLDER: none (0), or a whole release with its ledger entry (1)
    if [ -e "$1/2017-12-31" ]; then
        herkomst audit "$1/2017-12-31" --public-key "$dir/keys/signing.key.pub" >/dev/null 2>&1 && echo 1 || echo broken
    else
        echo 0
    fi
}
publish() { herkomst-publish "$ini" --work "$WORK/w" --key-file "$WORK/r.key" --output "$1" --quiet; }
mkdir "$WORK/good"
check "publish by hand" publish "$WORK/good"
same "$(whole "$WORK/good")" 1 "the release is whole"
want=$(tree_digest "$WORK/good/2017-12-31")

# Killed on entering each of publish's calls that change the disk, one after the other.
points=0; none=0; complete=0; broken=0; unsettled=0
for call in pwrite64 openat,write fsync,fdatasync,syncfs rename,renameat2,unlink,unlinkat,mkdir,ftruncate close,fchmod; do
    n=1
    while :; do
        rm -rf "$WORK/o"
        mkdir "$WORK/o"
        strace -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n \
            herkomst-publish "$ini" --work "$WORK/w" --key-file "$WORK/r.key" --output "$WORK/o" --quiet >/dev/null 2>&1
        code=$?
        [ $code -eq 0 ] && break
        points=$((points + 1))
        case $(whole "$WORK/o") in 0) none=$((none + 1)) ;; 1) complete=$((complete + 1)) ;; *) broken=$((broken + 1)) ;; esac
        # What was left must not stand in the way; if it was whole, the ledger says so.
        publish "$WORK/o" >/dev/null 2>&1
        again=$?
        [ "$again" -eq 0 ] || [ "$again" -eq 73 ] || unsettled=$((unsettled + 1))
        [ "$(tree_digest "$WORK/o/2017-12-31")" = "$want" ] || unsettled=$((unsettled + 1))
        [ "$(sqlite3 "$WORK/o/ledger.sqlite" "SELECT group_concat(id || state) FROM release")" = 2017-12-31published ] || unsettled=$((unsettled + 1))
        n=$(next_kill $n)
    done
done
same "$broken" 0 "no broken release after $points kills ($none before, $complete after publication)"
same "$unsettled" 0 "after each, publishing again gives the same release and a settled ledger"
[ "$points" -ge 40 ] && [ "$none" -gt 0 ] && [ "$complete" -gt 0 ] && ok "kills fell before and after publication" ||
    not_ok "kills fell before ($none) and after ($complete) publication"

# The whole run, killed at moments spread over its length.
start=$(date +%s%N)
herkomst run "$ini" --quiet --output "$WORK/timed"
length=$((($(date +%s%N) - start) / 1000))
bad=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    rm -rf "$WORK/o"
    setsid herkomst run "$ini" --quiet --output "$WORK/o" >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk -v l=$length -v i=$i 'BEGIN { printf "%.6f", l * i / 12 / 1000000 }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    sleep 0.05
    case $(whole "$WORK/o") in 0 | 1) ;; *) bad=$((bad + 1)) ;; esac
    pgrep -f -- "--work $WORK/o/" >/dev/null && bad=$((bad + 1))
    if [ ! -e "$WORK/o/2017-12-31" ]; then
        herkomst run "$ini" --quiet --output "$WORK/o" >/dev/null 2>&1 || bad=$((bad + 1))
    fi
    [ "$(tree_digest "$WORK/o/2017-12-31")" = "$want" ] || bad=$((bad + 1))
    ls -d "$WORK"/o/.work-* >/dev/null 2>&1 && [ -z "$(find "$WORK"/o/.work-* -name '*.zone' -newer "$WORK/o/2017-12-31")" ] || true
done
same "$bad" 0 "12 runs killed with -9: old state or new, no stage outlives the driver, the next run succeeds"

# What a stage has read is gone while the next one works; the one after that has been started by then, and
# waits for its key.
rm -rf "$WORK/o"
strace -f -qq -s 4096 -o "$WORK/calls" -e trace=execve,unlink herkomst run "$ini" --quiet --output "$WORK/o" >/dev/null 2>&1
same "$(awk '/unlink\(.*\/[a-z]*\.zone/ { gsub(/.*\/|\.zone.*/, ""); print "-" $0 } /execve\(.*herkomst-/ { sub(/.*\/herkomst-/, ""); sub(/".*/, ""); print }' \
    "$WORK/calls" | tr '\n' ' ')" \
    "pseudonymise link derive -pseudonymised aggregate -linked suppress -derived publish -counts -protected " \
    "each intermediate file is removed when it was read"

# A stage that is killed stops the run.
rm -rf "$WORK/o"
herkomst run "$ini" --output "$WORK/o" >/dev/null 2>"$WORK/.err" &
pid=$!
for i in 1 2 3 4 5 6 7 8 9 10; do pkill -9 -f "herkomst-[a-z]* --work $WORK/o" && break; sleep 0.01; done
wait $pid
same "$?" 71 "a stage that is killed ends the run with 71"
[ -e "$WORK/o/2017-12-31" ] && not_ok "and a release appeared" || ok "and there is no release"
same "$(ls -d "$WORK"/o/.work-* 2>/dev/null | wc -l)" 0 "its intermediate files are removed"

# A journal that a kill left is no obstacle for a stage that may read the ledger and nothing beside it.
rm -rf "$WORK/o"
mkdir "$WORK/o"
strace -qq -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:signal=KILL:when=9 \
    herkomst-publish "$ini" --work "$WORK/w" --key-file "$WORK/r.key" --output "$WORK/o" --quiet >/dev/null 2>&1
[ -s "$WORK/o/ledger.sqlite-journal" ] && ok "a kill left a journal" || not_ok "a kill left a journal"
check "the next run settles it" herkomst run "$ini" --quiet --output "$WORK/o"
