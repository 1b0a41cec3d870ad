#!/bin/sh
# Installs what building, running and testing need, when it is missing (Debian packages, as root or
# through sudo). Does nothing, and asks nothing, when everything is there.
set -eu
PACKAGES="gcc make pkg-config libsodium-dev libsqlite3-dev libcsv-dev libcmocka-dev libinih-dev
libjansson-dev libexpat1-dev libxlsxwriter-dev libzip-dev libglpk-dev coinor-libclp-dev minisign gettext sqlite3 python3 mandoc gawk procps bsdextrautils strace
clang clang-format clang-tidy libclang-rt-14-dev cppcheck time universal-ctags chromium default-jre-headless"
BUILD=${BUILD:-build}
missing=
for package in $PACKAGES; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
# Somebody's own Node.js will do.
command -v java >/dev/null && missing=$(echo "$missing" | sed 's/ default-jre-headless//')
command -v npm >/dev/null || missing="$missing nodejs npm"

# The checks of report pages (npm packages, locked).
browser() {
    mkdir -p "$BUILD/browser"
    cmp -s tests/browser/package-lock.json "$BUILD/browser/installed" || {
        echo "  NPM    tests/browser"
        cp tests/browser/package.json tests/browser/package-lock.json "$BUILD/browser/"
        (cd "$BUILD/browser" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1) || {
            cat "$BUILD/browser/npm.log" >&2
            echo "deps: npm ci failed" >&2
            exit 1
        }
        cp tests/browser/package-lock.json "$BUILD/browser/installed"
    }
    cp tests/browser/axe.js tests/browser/csvw.js "$BUILD/browser/"
}
[ -z "$missing" ] && browser && exit 0
if [ "$(id -u)" -eq 0 ]; then root=; else root=sudo; fi
echo "  APT   $missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! { $root apt-get update -qq && $root apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "deps: installing$missing failed" >&2
    exit 1
fi
rm -f "$log"
browser
