#!/bin/sh
# make lint: format, warnings as errors with gcc and clang, clang-tidy, cppcheck, banned calls, layers,
# man pages. Prints what is wrong and "lint: N problems"; exit 1 if there is any.
set -u
BUILD=${BUILD:-build}
problems=0
sources=$(git ls-files '*.c' '*.h')
code=$(git ls-files '*.c')

step() { # NAME: standard input is the list of findings
    found=$(cat)
    if [ -n "$found" ]; then
        echo "$found"
        n=$(printf '%s\n' "$found" | wc -l)
        problems=$((problems + n))
        echo "  LINT  $1: $n"
    else
        echo "  LINT  $1: clean"
    fi
}
capture() { # NAME COMMAND...: findings are its output, or its exit code
    name=$1
    shift
    out=$("$@" 2>&1)
    code_=$?
    [ -n "$out" ] || [ $code_ -eq 0 ] || out="exit code $code_"
    [ $code_ -ne 0 ] || out=
    step "$name" <<EOF
$out
EOF
}

WARN=$(sed -n '/^WARN /,/^HARDEN/p' Makefile | sed '$d; s/^WARN *= *//; s/\\$//' | tr '\n' ' ')
FLAGS="-std=c11 -D_GNU_SOURCE -Iinclude -O2 $WARN -Werror -fsyntax-only"
compile() { # COMPILER: every file, two at a time
    printf '%s\n' $code | xargs -P 2 -n 8 "$1" $FLAGS
}
capture format clang-format --dry-run -Werror $sources
capture gcc compile gcc
capture clang compile clang
tidy() {
    printf '%s\n' $code | xargs -P 2 -n 4 sh -c 'for f; do clang-tidy --quiet "$f" -- -std=c11 -D_GNU_SOURCE -Iinclude 2>/dev/null; done' sh |
        grep -E '(warning|error):' | sort -u
    return 1
}
out=$(tidy)
step clang-tidy <<EOF
$out
EOF
capture cppcheck cppcheck --quiet --std=c11 -D_GNU_SOURCE -Iinclude -j 2 --error-exitcode=1 \
    --enable=warning,portability,performance --inline-suppr --suppress=missingIncludeSystem \
    --suppress=normalCheckLevelMaxBranches $code
out=$(grep -nE '\<(gets|strcpy|strcat|sprintf|vsprintf|strtok|alloca|system|popen|rand|srand|atoi|atol|atof|setlocale|tmpnam|mktemp|asctime|ctime|localtime|gmtime|strtod|isdigit|isalpha|isspace|tolower|toupper)\(' \
    $(git ls-files 'include/*.h' 'pipeline/*.c' 'stages/*.c' 'samples/*.c') | grep -vE '(^[^:]*:[0-9]+: ?\*|//)')
step "banned calls" <<EOF
$out
EOF
out=$(sh tests/lint/layers.sh | grep -v '^ok')
step layers <<EOF
$out
EOF
out=$(make --no-print-directory programs >/dev/null 2>&1; sh tests/lint/audit_alone.sh | grep -v '^ok')
step "the audit alone" <<EOF
$out
EOF
out=$(make --no-print-directory man >/dev/null 2>&1 && for page in "$BUILD"/man/man1/*.1; do mandoc -Tlint -Wwarning "$page"; done)
step "man pages" <<EOF
$out
EOF
out=$(awk 'length > 100 { print FILENAME ":" FNR ": " length " columns" }' $sources Makefile)
step "line width" <<EOF
$out
EOF
echo "lint: $problems problems"
[ "$problems" -eq 0 ]
