"""recount_national.py INPUTS COUNTRIES.csv: origin in twelve groups of everybody of 18 to 64 who is employed on
31 December 2017, by sector and in all, counted plainly from the files: "unit,origin,count"."""
import collections
import csv
import sys

inputs, countries = sys.argv[1:]
REFERENCE = '2017-12-31'
group = {row['code']: row['group'] for row in csv.DictReader(open(countries, encoding='utf-8'))}
register = {row['person']: row for row in csv.DictReader(open(f'{inputs}/register.csv'))}


def first_of(parent):
    """Of a parent: the code, 'none', or '' for unknown. A parent is 12 to 80 years older."""
    return parent if parent in ('', 'none') else register[parent]['nationality_first']


def origin(person):
    row = register[person]
    facts = [first_of(row['parent1']), first_of(row['parent2']), row['nationality_first'],
             row['nationality_current']]
    for fact in facts:
        if fact not in ('', 'none', '150'):
            return group[fact]
    return 'belgian' if '' not in facts else 'unknown'


main = {}
for row in csv.DictReader(open(f'{inputs}/employments.csv')):
    if row['start_date'] <= REFERENCE and (not row['end_date'] or row['end_date'] >= REFERENCE):
        year, month, day = register[row['person']]['birth_date'].split('-')
        if 18 <= 2017 - int(year) <= 64:  # on the last day of a year everybody had their birthday
            rank = (-float(row['fte']), row['start_date'], row['sector'])
            if row['person'] not in main or rank < main[row['person']]:
                main[row['person']] = rank
counts = collections.Counter()
for person, (_, _, sector) in main.items():
    for unit in (sector, 'BE'):
        counts[unit, origin(person)] += 1
        counts[unit, 'total'] += 1
for (unit, name), count in sorted(counts.items()):
    print(f'{unit},{name},{count}')
