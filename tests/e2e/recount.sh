#!/bin/sh
# recount.sh INPUTS_DIR REFERENCE_DATE [SINCE]: recounts the sample's raw files with sqlite3, iconv and this
# shell alone, and prints unit,level,origin,sex,age_band,lvl,count for every cell of the origin tables that
# is not zero (level: government, domain, entity; the government's unit is *; lvl: level of the post). With
# the date SINCE, period,level,unit,sex,age_band,grade,joined,left for every head count that somebody
# joined or left between the two.
set -eu
[ $# -eq 2 ] || [ $# -eq 3 ] || { echo "usage: recount.sh INPUTS_DIR REFERENCE_DATE [SINCE]" >&2; exit 64; }
for date in "$2" "${3-$2}"; do
    case $date in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
    *) echo "recount.sh: not a date" >&2; exit 64 ;;
    esac
done
inputs=$1
sql=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

{
    echo ".bail on"
    echo "CREATE TABLE run(day TEXT); INSERT INTO run VALUES ('$2');"
    echo "CREATE TABLE raw_personnel(person TEXT, entity TEXT, start TEXT, end TEXT, statute TEXT, fte TEXT,"
    echo "    birth TEXT, sex TEXT, level TEXT);"
    echo ".mode csv"
    echo ".separator ;"
    number=0
    for file in "$inputs"/personnel/*.csv; do # columns come in any order
        number=$((number + 1))
        iconv -f WINDOWS-1252 -t UTF-8 "$file" | tr -d '\r' >"$work/$number.csv"
        echo ".import $work/$number.csv file_$number"
        echo "INSERT INTO raw_personnel SELECT Rijksregisternummer, Entiteit, Begindatum, Einddatum, Statuut,"
        echo "    VTE, Geboortedatum, Geslacht, Niveau FROM file_$number;"
    done
    echo ".separator ,"
    for name in register nationality filiation alias entities; do
        cp "$inputs/$name.csv" "$work/$name.csv"
        echo ".import $work/$name.csv raw_$name"
    done
    if [ $# -eq 3 ]; then
        sed '/^-- Employments in force/,$d' "$sql/recount.sql"
        echo "CREATE TABLE run_since(day TEXT); INSERT INTO run_since VALUES ('$3');"
        cat "$sql/turnover.sql"
    else
        cat "$sql/recount.sql"
    fi
} >"$work/all.sql"
sqlite3 -batch -init /dev/null "$work/recount.sqlite" <"$work/all.sql"
