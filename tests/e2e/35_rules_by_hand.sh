# The contract's rules on governments that are small enough to count by hand: one person an entity for
# who counts, numbers, nationalities, parents and registers; then counts around the threshold for what
# is unsafe; then what the figures about the data must not add. Everybody has serial 000 or 999.
. tests/e2e/lib.sh
root=$PWD

nrn() { # YYYY-MM-DD SERIAL: a number with good check digits
    echo "$1 $2" | awk '{ split($1, d, "-"); n = substr(d[1], 3) d[2] d[3] $2
        printf "%s%02d\n", n, 97 - ((d[1] >= 2000 ? 2000000000 : 0) + n) % 97 }'
}
somebody() { # N [YEAR]: the number of the N-th person born from that year on
    set -- "$1" "${2:-1960}"
    nrn "$(printf '%04d-%02d-%02d' $(($2 + $1 / 336)) $((1 + $1 % 336 / 28)) $((1 + $1 % 28)))" 999
}
# new NAME: an empty government in $WORK/NAME, which becomes the current folder
new() {
    mkdir -p "$WORK/$1" && cd "$WORK/$1" || exit 1
    herkomst keygen pseudonym.key && herkomst keygen --signing signing.key
    echo person,entity,start_date,end_date,employment,fte,birth_date,sex >personnel.csv
    echo person,birth_date,sex,nationality_first,nationality_current,parent1,parent2 >register.csv
    echo person,nationality,start_date,end_date >nationality.csv
    echo person,parent1,parent2 >filiation.csv
    echo old,new,date >alias.csv
    echo entity,name,domain,domain_name,valid_from,valid_to >entities.csv
    echo person,kind,start_date,end_date >registration.csv
    printf '%s\n' code,iso,eu_from,eu_to 111,FR,1958-01-01, 112,GB,1973-01-01,2020-01-31 \
        150,BE,1958-01-01, 262,TR,, 354,MA,, 700,stateless,, 701,undetermined,, >countries.csv
    cat >config.ini <<'INI'
[run]
name = Dienst van de Proef
code = GOV
reference_date = 2017-12-31
authorisation = besluit van de proef
output = releases
quality = quality
max_rejected = 100%
[keys]
pseudonym = pseudonym.key
signing = signing.key
[dataset personnel]
path = personnel.csv
[dataset register]
path = register.csv
[dataset nationality]
path = nationality.csv
[dataset filiation]
path = filiation.csv
[dataset alias]
path = alias.csv
[dataset entities]
path = entities.csv
[dataset countries]
path = countries.csv
[dataset registration]
path = registration.csv
INI
}
unit() { echo "$1,$1,${2:-D},${2:-D},${3-},${4-}" >>entities.csv; } # CODE [DOMAIN [FROM [TO]]]
employ() { # ENTITY NUMBER [START [END [EMPLOYMENT [FTE [BIRTH]]]]]
    echo "$2,$1,${3:-2010-01-01},${4-},${5-},${6-},${7-}," >>personnel.csv
}
person() { echo "$1,${2-},${3-},${4-},${5-},${6-},${7-}" >>register.csv; } # NUMBER BIRTH SEX FIRST CURRENT P1 P2
period() { echo "$1,$2,${3-},${4-}" >>nationality.csv; }               # NUMBER CODE FROM TO
cell() { count "$PWD/releases/2017-12-31/tables/$1.csv" "$2" "$3" "$4"; } # TABLE LEVEL UNIT CATEGORY
status() { awk -F, -v l="$2" -v u="$3" -v c="$4" '$2 == l && $3 == u && $4 == c { print $NF }' \
    "releases/2017-12-31/tables/$1.csv"; }
private() { sed -n "s/^$1,$2,//p" quality/2017-12-31/*.csv; } # DATASET CHECK: the operator's figure
public() { sed -n "s/^$1,$2,//p" releases/2017-12-31/quality.csv; }
is() { same "$(cell "$1" entity "$2" "$3")" 1 "$4"; } # TABLE ENTITY CATEGORY DESCRIPTION: the one person
everybody=0
alone() { # ENTITY [START ...]: employs a new person there, whose number is then $who
    everybody=$((everybody + 1))
    who=$(somebody $everybody)
    at=$1
    shift
    unit "$at"
    employ "$at" "$who" "$@"
}

# ---- who counts and as what: nothing is sensitive, so every count is published ----
new people
cat >>config.ini <<'INI'
[variable first]
sql = CASE WHEN own_first LIKE '?%' THEN 'unlisted' ELSE own_first END
categories = BE, FR, GB, TR, MA, stateless, undetermined, unlisted, unknown
[variable current]
sql = CASE WHEN own_current LIKE '?%' THEN 'unlisted' ELSE own_current END
categories = BE, FR, GB, TR, MA, stateless, undetermined, unlisted, not_belgian, unknown
[variable origin]
sql = CASE WHEN parent1_first NOT IN ('BE', 'none')
    THEN CASE is_eu(parent1_first, reference_date) WHEN 1 THEN 'eu' ELSE 'non_eu' END
    WHEN parent2_first NOT IN ('BE', 'none')
    THEN CASE is_eu(parent2_first, reference_date) WHEN 1 THEN 'eu' ELSE 'non_eu' END
    WHEN own_first <> 'BE' THEN CASE is_eu(own_first, reference_date) WHEN 1 THEN 'eu' ELSE 'non_eu' END
    WHEN own_current <> 'BE'
    THEN CASE is_eu(own_current, reference_date) WHEN 1 THEN 'eu' ELSE 'non_eu' END
    WHEN own_first = 'BE' AND own_current = 'BE' AND parent1_first IN ('BE', 'none')
    AND parent2_first IN ('BE', 'none') THEN 'belgian' END
categories = foreign(eu, non_eu), belgian, unknown
[variable simple]
sql = own_current <> 'BE' OR own_first <> 'BE' OR parent1_first NOT IN ('BE','none')
    OR parent2_first NOT IN ('BE','none')
values = 1:yes, 0:no, null:perhaps
[variable linked]
sql = linked
values = 1:yes, 0:no
[variable disability]
sql = registered_disability
values = 1:yes, 0:no
[variable age_band]
sql = CASE WHEN age < 25 THEN 'young' WHEN age >= 25 THEN 'old' END
categories = young, old
[table first]
population = employment = 'staff'
variables = first
[table current]
population = employment = 'staff'
variables = current
[table origin]
population = employment = 'staff'
variables = origin
[table simple]
population = employment = 'staff'
variables = simple
[table linked]
population = employment = 'staff'
variables = linked
[table disability]
population = employment = 'staff'
variables = disability
[table age]
population = employment = 'staff'
variables = age_band
[table students]
population = employment = 'student'
variables = linked
INI
# Days of employment.
alone begins 2017-12-31 && alone future 2018-01-01
alone ends 2010-01-01 2017-12-31 && alone ended 2010-01-01 2017-12-30
# Nationalities; numbers born in the 1960s, everything else unknown.
history() { # ENTITY CODE,FROM,TO...
    alone "$1"
    shift
    for row; do echo "$who,$row" >>nationality.csv; done
}
history later 150,1990-07-01, 111,1965-01-01,1990-06-30
history blank 150,1965-01-01, 111,,1964-12-31
history placeholder 150,1900-01-01, 262,,
history two 111,2001-05-05, 150,2001-05-05, 354,1965-01-01,2001-05-04
history morrow 150,1965-01-01, 111,2018-01-01,
history today 150,1965-01-01,2017-12-30 111,2017-12-31,
history lost 150,1965-01-01,2010-03-03
history lostother 111,1965-01-01,2010-03-03
history spaced " 150 ,," && history zero 0150,, && history decimal 150.0,,
history unlisted 777,, && history unknown 999,, && history stateless 700,, && history undecided 701,,
history word Belg,, && person "$who" "" "" 354 150
history letters BE,,
alone columns && person "$who" "" "" 354 150
history both 111,, && person "$who" "" "" 150 150
# Parents: the child is Belgian, and its register row says so.
child() { # ENTITY PARENT1 PARENT2 [BIRTH]
    alone "$1"
    person "$who" "${4-}" "" 150 150
    echo "$who,$2,$3" >>filiation.csv
}
belgian=$(somebody 1 1930) turk=$(somebody 2 1930) moroccan=$(somebody 3 1930) stranger=$(somebody 4 1930)
person "$belgian" "" "" 150 150
person "$turk" "" "" 262 262
period "$moroccan" 354 1930-01-01 1980-01-01 && period "$moroccan" 150 1980-01-02
child fullbelgian "$belgian" "$belgian" # one person twice: the second is unknown
child bothnone none none
child onenone NONE "$belgian"
child oneunknown "" "$belgian"
child turkish "" "$turk"
child naturalised "$moroccan" none
child outside "$stranger" none
child wrong "${belgian%??}00" none
alone frenchman && person "$who" "" "" 111 150 none none
alone own && person "$who" "" "" 150 150 "$who" none
aged() { # ENTITY PARENT'S-BIRTH: a child born on 1980-06-15 with that parent, a Turk
    parent=$(nrn "$2" 000)
    person "$parent" "$2" f 262 262
    child "$1" "$parent" none 1980-06-15
}
aged twelve 1968-06-15 && aged eleven 1968-06-16 && aged eighty 1900-06-15 && aged older 1900-06-14
# Numbers. The register knows each person by the plain number, as a Frenchman.
number() { # ENTITY AS-WRITTEN-IN-PERSONNEL PLAIN [BIRTH]
    unit "$1"
    employ "$1" "$2" "" "" "" "" "${4-}"
    if [ -n "$3" ]; then person "$3" "" "" 111 111; fi
}
number dotted 85.07.30-999.32 85073099932
number spaced2 "85 07 30 000 61" 85073000061
number nobreak "$(printf '70\302\240010399997')" 70010399997
number shortened 1090799968 01090799968
number bis 75460899976 75460899976
number bisnosex 75260899933 75260899933
number checkdigits 85073099931 ""
number scientific 8.50731E+10 ""
number letter 7007279990l 70072799901
number tooshort 85073099 ""
number month "$(nrn 1985-13-10 999)" ""
number toonew 18030499985 ""
number old1918 18030499956 18030499956
number century 01090700097 01090700097 1901-09-07
number nothing "" ""
# Renumbered: the employer has the first number, the register the last one.
chain=$(nrn 1950-01-01 999) middle=$(nrn 1950-01-02 999) last=$(nrn 1950-01-03 999)
number renumbered "$chain" "$last"
printf '%s\n' "$middle,$last," "$chain,$middle," >>alias.csv
round=$(nrn 1950-02-01 999) other=$(nrn 1950-02-02 999)
number circle "$round" "$round"
printf '%s\n' "$round,$other," "$other,$round," >>alias.csv
changed=$(nrn 1950-03-01 999) before=$(nrn 1950-03-02 999) after=$(nrn 1950-03-03 999)
number corrected "$changed" "$after"
printf '%s\n' "$changed,$after,2012-01-01" "$changed,$before,2011-01-01" >>alias.csv
# The main employment within the population.
jobs() { # NAME: two entities NAME-a and NAME-b for the next person
    everybody=$((everybody + 1))
    who=$(somebody $everybody)
    unit "$1-a" && unit "$1-b"
}
jobs fte && employ fte-a "$who" "" "" "" 0.5 && employ fte-b "$who" 2016-01-01 "" staff '"0,8"'
jobs start && employ start-a "$who" 2011-01-01 && employ start-b "$who" 2010-12-31
jobs code && employ code-b "$who" && employ code-a "$who"
jobs student && employ student-a "$who" "" "" student 1 && employ student-b "$who" "" "" staff 0.1
jobs over && employ over-a "$who" "" 2017-12-30 "" 1 && employ over-b "$who" "" "" "" 0.1
# Registers.
enrolled() { # ENTITY KIND FROM TO
    alone "$1"
    echo "$who,$2,$3,$4" >>registration.csv
}
enrolled regopen disability "" "" && enrolled regend disability 2010-01-01 2017-12-31
enrolled regover disability 2010-01-01 2017-12-30 && enrolled regnext disability 2018-01-01 ""
enrolled regother parking "" ""
# Ages: the register's birth date goes before the employer's.
alone young && person "$who" 1993-01-01 && alone old && person "$who" 1992-12-31
alone employers "" "" "" "" 1993-01-01 && person "$who" 1960-01-01
alone fallback "" "" "" "" 1993-01-01 && person "$who"
# Entities.
unit silent E && unit founded E 2017-12-31 && unit closed E "" 2017-12-30 && unit planned E 2018-01-01
employ founded "$(somebody 900)" && employ closed "$(somebody 901)" && employ nowhere "$(somebody 902)"

exits 0 "a government of one person an entity" herkomst run config.ini --quiet
[ -d releases/2017-12-31 ] || exit 1
check "its audit" herkomst audit releases/2017-12-31 --public-key signing.key.pub
same "$(cell first entity begins total),$(cell first entity ends total)" 1,1 "the first and the last day count"
same "$(cell first entity future total),$(cell first entity ended total)" 0,0 "the days around do not"
is first later FR "the earliest period is the first nationality, whatever the order of rows"
is current later BE "the period in force is the current one"
is first blank FR "a blank start is the earliest"
is first placeholder BE "1900-01-01 is blank too, and Belgian prevails on a tie"
is current two BE "Belgian prevails on a tie of current ones"
is first two MA "which does not touch the first"
is current morrow BE "a period that begins tomorrow is ignored"
is current today FR "one that begins today counts"
is current lost not_belgian "a Belgian period that ended: not Belgian any more"
is first lost BE "but Belgian first"
is current lostother unknown "another period that ended: unknown"
is first spaced BE "' 150 '" && is first zero BE "0150" && is first decimal BE "150.0"
is first unlisted unlisted "a code that the list lacks"
is origin unlisted non_eu "is known not to be Belgian"
is first unknown unknown "999 is unknown" && is first stateless stateless "a symbolic code"
is origin stateless non_eu "stateless is not Belgian" && is origin undecided non_eu "nor is undetermined"
is first word MA "a rejected row leaves the register's columns" && is current word BE "both of them"
is first letters unknown "BE is no code" && is first columns MA "no row at all: the register's columns"
is current both FR "the history goes before the register's columns"
same "$(private link dual)" 2 "two people with two nationalities from one day"
same "$(private nationality nationality)" 2 "two rows whose code is no number"
is origin fullbelgian unknown "one parent twice: the second is unknown"
is origin bothnone belgian "no legal parents: nothing to test" && is origin onenone belgian "nor for one"
is origin oneunknown unknown "an unknown parent leaves it open" && is origin turkish non_eu "but one foreign fact is enough"
is simple oneunknown perhaps "NULL OR 0 is NULL" && is simple turkish yes "NULL OR 1 is 1"
is simple bothnone no "0 OR 0 is 0" && is simple later yes "own facts alone"
is origin naturalised non_eu "a parent's first nationality counts"
is origin outside unknown "a parent whom no register knows" && is origin wrong unknown "an invalid number"
is origin frenchman eu "French first, of the EU" && is origin own unknown "nobody is their own parent"
is origin twelve non_eu "a parent may be 12 years older" && is origin eleven unknown "not a day less"
is origin eighty non_eu "or 80" && is origin older unknown "not a day more"
same "$(cell origin entity twelve foreign),$(cell origin government GOV foreign)" \
    "1,$(($(cell origin government GOV eu) + $(cell origin government GOV non_eu)))" "foreign is eu and non_eu"
same "$(private link parent_self),$(private link parent_same),$(private link parent_age)" 1,1,2 "dropped parents are counted"
same "$(private filiation parent_check_digits)" 1 "so is the invalid number"
for at in dotted spaced2 nobreak shortened bis bisnosex old1918 renumbered circle corrected; do
    is current $at FR "linked: $at"
done
for at in checkdigits scientific letter tooshort month toonew century nothing; do
    is linked $at no "in the head count, unlinked: $at"
done
same "$(for why in check_digits scientific letters length month person_missing; do private personnel $why; done |
    tr '\n' ' ')" "3 1 1 1 1 1 " "each for its reason"
same "$(private alias cycle),$(private alias conflict)" 2,1 "circles and conflicts of the alias list"
for at in fte-b start-b code-a student-b over-b; do is linked $at no "the main employment: $at"; done
for at in fte-a start-a code-b student-a over-a; do
    same "$(cell linked entity $at total)" 0 "and not: $at"
done
same "$(cell students entity student-a total),$(cell students government GOV total)" 1,1 "in each population"
same "$(private link several_employments)" 4 "four people with several employments in force"
is disability regopen yes "an open registration" && is disability regend yes "its last day counts"
for at in regover regnext regother; do is disability $at no "no registration in force: $at"; done
is age young young "24 on the reference date" && is age old old "25 on the reference date"
is age employers old "the register's birth date" && is age fallback young "or, without it, the employer's"
same "$(cell first entity silent total),$(status first entity silent total)" ,n "a silent entity has no zero"
same "$(cell first entity founded total),$(cell first domain E total)" 1,1 "an entity's first day"
same "$(grep -c -e ',closed,' -e ',planned,' -e ',nowhere,' releases/2017-12-31/tables/first.csv)" 0 "no other entities"
same "$(private personnel unknown_entity),$(private personnel entity_ended)" 1,1 "rows of other entities are rejected"
check "an entity is missing: the domain and the government are incomplete" awk '
    /"unit": "(E|GOV)"/ { n += /"delivered": true, "complete": false/ } /"unit": "D"/ { n += /"complete": true/ }
    END { exit n != 3 }' releases/2017-12-31/rules.json

# ---- what is unsafe: who is of foreign nationality is sensitive, from 5 people on ----
# counts NAME ENTITY:FOREIGN:BELGIAN:UNKNOWN... -- OPTION...: a government of these counts, and its run
counts() {
    new "$1"
    name=$1
    shift
    cat >>config.ini <<'INI'
[variable origin]
sql = own_first <> 'BE'
values = 1:foreign, 0:belgian, null:unknown
sensitive = foreign, belgian
[table origin]
population = employment = 'staff'
variables = origin
INI
    everybody=0
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        IFS=: read -r entity foreign belgian unknown <<HERE
$1
HERE
        shift
        unit "$entity" "${entity%%[0-9]*}"
        for nation in "111 $foreign" "150 $belgian" "999 $unknown"; do
            i=0
            while [ $i -lt "${nation#* }" ]; do
                i=$((i + 1)) everybody=$((everybody + 1))
                who=$(somebody $everybody)
                employ "$entity" "$who"
                person "$who" "" "" "${nation% *}" "${nation% *}"
            done
        done
    done
    [ $# -gt 0 ] && shift
    exits 0 "$name" herkomst run config.ini --quiet "$@"
    check "$name: the audit" herkomst audit releases/2017-12-31 --public-key signing.key.pub
}
shown() { # ENTITY: its total, foreign, belgian, unknown, hidden ones as c
    awk -F, -v u="$1" '$2 == "entity" && $3 == u { printf "%s%s ", $5, $6 }' releases/2017-12-31/tables/origin.csv
}
hidden() { awk -F, 'FNR > 1 && $NF == "c" { n++ } END { print n + 0 }' releases/2017-12-31/tables/origin.csv; }
figure() { # ENTITY CATEGORY DESCRIPTION: must be hidden
    same "$(cell origin entity "$1" "$2")$(status origin entity "$1" "$2")" c "$3"
}
counts five A:5:20:1 B:6:30:0
same "$(shown A)$(shown B)$(hidden)" "26 5 20 1 36 6 30 0 0" "five is safe, and so is any number of unknown"
counts four A:4:20:1 B:6:30:0
figure A foreign "four is not"
same "$(cell origin entity A total)" 25 "head counts stay"
[ "$(hidden)" -ge 2 ] && ok "others are hidden with it" || not_ok "others are hidden with it"
counts six A:5:20:1 B:6:30:0 -- --set disclosure.threshold=6
figure A foreign "five is not where the threshold is six"
counts none A:0:20:0 B:6:30:0
figure A foreign "a zero tells of everybody in the group"
figure A belgian "and so does its other side"
counts allowed A:0:20:0 B:6:30:0 -- --set disclosure.zeros=publish
same "$(shown A)$(hidden)" "20 0 20 0 0" "unless zeros may be published"
counts noneleft A:5:5:0 B:5:5:0 -- --set disclosure.minimum_population=10
same "$(hidden)" 0 "a unit of the minimum population"
counts few A:5:5:0 B:50:50:0 -- --set disclosure.minimum_population=11
figure A foreign "a smaller one"
figure A belgian "in all its sensitive figures"
counts nothing A:5:5:0 A1:4:1:0 -- --set disclosure.public=nothing
figure A1 foreign "with nothing public, a small count"
new gone && cp ../five/config.ini . && unit A && unit B && employ A "$(somebody 1)" "" 2017-12-30
employ B "$(somebody 2)" "" 2017-12-31
for i in 3 4 5 6 7 8; do employ B "$(somebody $i)" && person "$(somebody $i)" "" "" 111 111; done
exits 0 "an entity that everybody left" herkomst run config.ini --quiet
same "$(shown A)" "0 0 0 0 " "a group of nobody has zeros"
check "its audit" herkomst audit releases/2017-12-31 --public-key signing.key.pub

# ---- a part of a population: eight staff, four of them foreign; the four managers, one a woman, are ----
new within
cat >>config.ini <<'INI'
[variable origin]
sql = own_first <> 'BE'
values = 1:foreign, 0:belgian
sensitive = foreign, belgian
[variable sex]
sql = sex
categories = f, m
[table origin]
population = employment = 'staff'
variables = origin, sex
[table managers]
population = employment = 'staff' AND post = 'manager'
variables = origin
within = origin
[table managers-sex]
population = employment = 'staff' AND post = 'manager'
variables = sex
within = origin
[disclosure]
threshold = 3
protection_width = 4
zeros = publish
INI
sed -i 's/^path = personnel.csv/&\nattribute.post = post/' config.ini
echo person,entity,start_date,post >personnel.csv
unit A
i=0
for who in f:111:manager m:111:manager m:111:manager m:111:manager f:150: f:150: f:150: m:150:; do
    i=$((i + 1)) who=$who:
    IFS=: read -r sex nation post _ <<HERE
$who
HERE
    echo "$(somebody $i),A,2010-01-01,$post" >>personnel.csv
    person "$(somebody $i)" "" "$sex" "$nation" "$nation"
done
exits 0 "managers within staff" herkomst run config.ini --quiet
check "its audit" herkomst audit releases/2017-12-31 --public-key signing.key.pub
same "$(cell managers-sex entity A f),$(cell managers-sex entity A total)" 1,4 "a woman among four managers is public"
[ "$(cell origin entity A foreign,total),$(cell managers entity A foreign)" != 4,4 ] &&
    ok "so it is not told of both staff and managers that four are foreign" ||
    not_ok "so it is not told of both staff and managers that four are foreign"
same "$(cell origin entity A foreign,f)" "" "for then the foreign woman is known"

# ---- figures about the data: small ones are the operator's alone ----
counts figures A:30:30:0 -- --set run.max_rejected=100%
rm -r releases && employ A 85073099931 && employ A 85073000060 && employ nowhere "$(somebody 900)"
exits 0 "three bad rows" herkomst run config.ini --quiet
same "$(private personnel check_digits),$(private personnel unknown_entity)" 2,1 "the operator is told how many"
same "$(public personnel check_digits),$(public personnel unknown_entity)" ,c,,c "nobody else is"
same "$(public personnel rejected)" ,c "not by the whole either"
same "$(private link linked) $(public link linked)" "60 ,c" "nor by a part that leaves two"
same "$(public derive population:staff)" 62, "head counts are public"
same "$(stat -c %a quality quality/2017-12-31 quality/2017-12-31/*.csv | sort -u | tr '\n' ' ')" "600 700 " \
    "the operator's folder is private"
# Three foreign, six unknown: with the unknown in quality.csv, the three would be known.
counts rest A:3:11:6
same "$(private link unknown_first)$(public link unknown_first)$(public link linked)" "6,c,c" \
    "where the government's own figure is hidden, the operator alone is told"
same "$(public derive population:staff)" 20, "and of head counts everybody"
counts register A:0:30:0 && same "$(private registration rows)$(public registration rows)" "0,c" \
    "an empty register tells of everybody too"
cd "$root" || exit 1
