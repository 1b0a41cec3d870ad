#!/bin/sh
# make bench: all parts, or PART="pipeline suppress" to choose. Each is a script here.
#   pipeline   the stages and the whole run on the sample
#   national   a whole country, beside DuckDB
#   suppress   the suppression engine beside its peers and beside the optimum
#   reports    the pages, workbooks and data files of every unit
#   audit      the audit of the sample and of large releases
set -eu
for part in ${PART:-pipeline national suppress reports audit}; do
    script=$(dirname "$0")/$part.sh
    case $part in */* | bench) script= ;; esac
    [ -f "$script" ] || { echo "bench: no part $part" >&2; exit 64; }
    sh "$script"
done
