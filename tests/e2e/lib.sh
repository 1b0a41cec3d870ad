# Shared by the end-to-end tests: TAP output, a work folder that goes away, a small government.
# Sourced with the repository as the current folder; BUILD is set by tests/run.sh or defaults.
set -u
BUILD=${BUILD:-$PWD/build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
BIN=$BUILD/bin
PATH=$BIN:$PATH
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT INT TERM
number=0

ok() {
    number=$((number + 1))
    echo "ok $number - $*"
}
not_ok() {
    number=$((number + 1))
    echo "not ok $number - $*"
}
# check DESCRIPTION COMMAND...: the command must succeed
check() {
    what=$1
    shift
    if "$@" >"$WORK/.out" 2>&1; then ok "$what"; else
        not_ok "$what"
        sed 's/^/# /' "$WORK/.out" | head -5
    fi
}
# exits CODE DESCRIPTION COMMAND...: the command must end with exactly this code; its messages stay in
# $WORK/.err for says
exits() {
    want=$1
    what=$2
    shift 2
    "$@" >"$WORK/.out" 2>"$WORK/.err"
    got=$?
    if [ "$got" -eq "$want" ]; then ok "$what: exit $want"; else
        not_ok "$what: exit $got, $want expected"
        sed 's/^/# /' "$WORK/.err" | head -5
    fi
}
# says PATTERN DESCRIPTION: the last command's messages match
says() {
    if grep -qE -- "$1" "$WORK/.err"; then ok "$2"; else
        not_ok "$2: no message matches $1"
        sed 's/^/# /' "$WORK/.err" | head -5
    fi
}
same() { # A B DESCRIPTION
    if [ "$1" = "$2" ]; then ok "$3"; else
        not_ok "$3"
        echo "# got      $1" | head -3
        echo "# expected $2" | head -3
    fi
}

# government DIR SAMPLE-OPTION...: inputs, configuration and keys of an invented government
government() {
    dir=$1
    shift
    mkdir -p "$dir/config" "$dir/keys"
    herkomst-sample --out "$dir/inputs" "$@" || return 1
    cp config/*.ini config/*.csv "$dir/config/"
    herkomst keygen "$dir/keys/pseudonym.key" && herkomst keygen --signing "$dir/keys/signing.key"
}
# seeds COUNT: what `one SEED` prints for the seeds 1 to COUNT; two at a time, so that two cores share the work
seeds() {
    every_second 1 "$1" >"$WORK/.odd" &
    every_second 2 "$1" >"$WORK/.even"
    wait
    cat "$WORK/.odd" "$WORK/.even"
}
every_second() { # FIRST LAST
    s=$1
    while [ "$s" -le "$2" ]; do
        one "$s"
        s=$((s + 2))
    done
}
# digest of every byte and name under a folder
tree_digest() {
    (cd "$1" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-64)
}
# count TABLE LEVEL UNIT CATEGORY...: a published count ("" if hidden)
count() {
    awk -F, -v level="$2" -v unit="$3" -v want="${4-}${5+,$5}" \
        '$2 == level && $3 == unit { key = $4; for (i = 5; i < NF - 1; i++) key = key "," $i
         if (key == want) print $(NF - 1) }' "$1"
}
# next_kill N: the number of the call to kill at after the Nth: every one of the first, then fewer and fewer
# (workbooks alone are a hundred calls a unit, all alike)
next_kill() {
    if [ "$1" -lt 12 ]; then echo $(($1 + 1)); elif [ "$1" -lt 60 ]; then echo $(($1 + 5)); else echo $(($1 + $1 / 8)); fi
}
