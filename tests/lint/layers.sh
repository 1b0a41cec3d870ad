#!/bin/sh
# Layers: an #include never points upwards, and the audit knows no suppression and no linkage code.
set -u
# Rank of each layer; report knows published figures alone; link, sdc, export and audit
# stand side by side and do not know each other.
allowed() {
    case $1 in
    base) echo base ;;
    io) echo base io ;;
    secure) echo base io secure ;;
    tables) echo base io secure tables ;;
    report) echo base io secure tables report ;;
    link) echo base io secure tables link ;;
    sdc) echo base io secure tables sdc ;;
    export) echo base io secure tables export ;;
    audit) echo base io secure tables report audit run/program.h ;;
    run) echo base io secure tables report link sdc export audit run ;;
    esac
}
for layer in base io secure tables report link sdc export audit run; do
    found=$(grep -n '^#include "' include/$layer/*.h pipeline/$layer/*.c 2>/dev/null |
        sed 's/^\([^:]*:[0-9]*\):#include "\([^"]*\)".*/\1 \2/' |
        while read -r where what; do
            good=
            for ok in $(allowed $layer); do
                case $what in "$ok"/* | "$ok") good=1 ;; esac
            done
            [ -n "$good" ] || echo "# $where includes $what"
        done)
    if [ -z "$found" ]; then
        echo "ok - layer $layer"
    else
        echo "not ok - layer $layer"
        echo "$found"
    fi
done
