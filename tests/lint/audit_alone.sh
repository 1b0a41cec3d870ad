#!/bin/sh
# The audit stands alone: nothing of disclosure control or linkage is in its program, by #include (every
# header that its sources reach) and by symbol (every function of the program that was linked).
set -u
BUILD=${BUILD:-build}
report() { # DESCRIPTION FOUND
    if [ -z "$2" ]; then echo "ok - $1"; else
        echo "not ok - $1"
        echo "$2" | sed 's/^/# /' | head -20
    fi
}

reached=$(for source in pipeline/audit/*.c stages/70_audit.c; do
    gcc -std=c11 -D_GNU_SOURCE -Iinclude -MM "$source" | tr ' \\' '\n\n' | grep -E '/(sdc|link)/' |
        sed "s,^,$source reaches ,"
done)
report "no header of sdc or link is reached from the audit's sources" "$reached"

# include/audit/audit.h says which file keeps which promise: of all of them, and of none that is gone.
table=$(sed -n '/^ \* PROMISES/,/^ \*\//p' include/audit/audit.h | grep -oE '[a-z_]+' | sort -u)
missing=$(for source in pipeline/audit/audit_*.c; do
    name=$(basename "$source" .c)
    echo "$table" | grep -qx "${name#audit_}" || echo "$source"
done)
report "every file of the audit is in audit.h's list of promises" "$missing"
gone=$(for name in $(echo "$table" | grep '[a-z]_[a-z]'); do
    [ -f "pipeline/audit/audit_$name.c" ] || grep -qE "[ *]$name\(" pipeline/audit/*.c || echo "$name"
done)
report "and every file and function that it names is there" "$gone"

objects=$(ls "$BUILD"/obj/pipeline/sdc/*.o "$BUILD"/obj/pipeline/link/*.o 2>/dev/null)
if [ ! -x "$BUILD/bin/herkomst-audit" ] || [ -z "$objects" ]; then
    echo "not ok - the programs are built"
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
nm --defined-only --extern-only $objects | awk 'NF == 3 { print $3 }' | sort -u >"$work/theirs"
program() { nm --defined-only "$BUILD/bin/$1" | awk 'NF == 3 { print $3 }' | sort -u; }
program herkomst-audit >"$work/audit"
program herkomst-suppress >"$work/suppress"
report "none of their $(wc -l <"$work/theirs") symbols is in herkomst-audit" "$(comm -12 "$work/theirs" "$work/audit")"
# The check can fail: suppress has them.
[ -n "$(comm -12 "$work/theirs" "$work/suppress")" ] && echo "ok - herkomst-suppress has some of them" ||
    echo "not ok - herkomst-suppress has none of them either"
