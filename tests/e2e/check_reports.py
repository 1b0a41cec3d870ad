#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""check_reports.py RELEASE EARLIER: what the reports of the sample's second release must hold, and
every figure of them recounted from tables/*.csv by other means: fractions for shares, Python's XML and
ZIP readers for pages and workbooks. Prints TAP. Python's standard library only."""
import csv
import glob
import json
import math
import os
import re
import sys
import xml.etree.ElementTree as tree
import zipfile
from fractions import Fraction

release, earlier = sys.argv[1:3]
tests = 0


def ok(good, name, found=""):
    global tests
    tests += 1
    print("%s %d - %s" % ("ok" if good else "not ok", tests, name))
    if not good and found:
        print("# %s" % str(found)[:300])


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def half_up(value):
    """A fraction to one decimal, half away from zero, as text."""
    tenths = math.floor(abs(value) * 10 + Fraction(1, 2))
    sign = "-" if value < 0 and tenths else ""
    return "%s%d.%d" % (sign, tenths // 10, tenths % 10)


FIXED = ("period", "level", "unit", "count", "status")


def cells(folder):
    """{(level, unit, ((variable, category), ...)): count or None}"""
    found = {}
    for path in glob.glob(folder + "/tables/*.csv"):
        for row in rows(path):
            named = tuple(sorted((k, v) for k, v in row.items() if k not in FIXED and v != "total"))
            found[row["level"], row["unit"], named] = int(row["count"]) if row["count"] else None
    return found


now, then = cells(release), cells(earlier)
manifest = json.load(open(release + "/manifest.json"))
declared = {"target:" + t["name"]: t for t in manifest["declared"]["targets"]}
declared.update({"benchmark:" + b["name"]: b for b in manifest["declared"]["benchmarks"]})
variable_of = {}
for v in json.load(open(release + "/rules.json"))["variables"]:
    for c in v["categories"]:
        variable_of.setdefault(c["name"], v["name"])


def meaning(indicator):
    """(categories of the numerator, categories of the denominator, declared share or None, growth)"""
    if indicator.split(":")[0] in ("target", "benchmark"):
        name = ":".join(indicator.split(":")[:2])
        d = declared[name]
        among = ((variable_of[d["among"]], d["among"]),) if d["among"] else ()
        part = tuple(sorted(among + ((variable_of[d["category"]], d["category"]),)))
        return part, among, Fraction(d["share_ppm"], 10000), indicator.endswith(":growth")
    first, *among = indicator.split(":", 1)[1].split("/")
    among = tuple(tuple(a.split("=")) for a in among)
    return tuple(sorted(among + (tuple(first.split("=")),))), tuple(sorted(among)), None, False


def expected(row):
    part_key, whole_key, aim, growth = meaning(row["indicator"])
    unit = (row["level"], row["unit"])
    part, whole = now[unit + (part_key,)], now[unit + (whole_key,)]
    was = then.get(unit + (part_key,)), then.get(unit + (whole_key,))
    out = {"numerator": part, "denominator": whole, "share": "", "previous_share": "",
           "change_pp": "", "target": "", "gap": "", "status": ""}
    if part is None or whole is None:
        out["status"] = "c"
    elif whole > 0:
        out["share"] = half_up(Fraction(100 * part, whole))
        if None not in was and was[1] > 0:
            out["previous_share"] = half_up(Fraction(100 * was[0], was[1]))
            out["change_pp"] = half_up(100 * (Fraction(part, whole) - Fraction(was[0], was[1])))
    if aim is not None:
        out["target"] = half_up(aim)
        if part is not None and whole is not None:
            missing = aim / 100 * whole - part
            out["gap"] = math.ceil(missing / (1 - aim / 100)) if growth else math.ceil(missing)
    return {k: "" if v is None else str(v) for k, v in out.items()}


table = rows(release + "/indicators.csv")
wrong = [r for r in table if any(r[k] != v for k, v in expected(r).items())]
ok(len(table) > 1000 and not wrong, "indicators.csv: %d rows as recounted with fractions" % len(table),
   wrong[:1])
shown = sum(bool(r["share"]) for r in table)
ok(100 < shown < len(table), "%d shares are shown, %d are not" % (shown, len(table) - shown))

# ---- data.csv and SDMX

bad = 0
for path in glob.glob(release + "/units/*/data.csv"):
    for row in rows(path):
        named = tuple(sorted((k, v) for k, v in row.items()
                             if k not in FIXED + ("population",) and v != "total"))
        count = now[row["level"], row["unit"], named]
        bad += (row["count"], row["status"]) != (("", "c") if count is None else (str(count), ""))
ok(bad == 0, "units/*/data.csv have the tables' figures")
bad = 0
for path in glob.glob(release + "/sdmx/*.csv"):
    for row in rows(path):
        named = tuple(sorted((k.lower(), re.sub(r"\$([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), v))
                             for k, v in row.items()
                             if k not in ("STRUCTURE", "STRUCTURE_ID", "ACTION", "LEVEL", "UNIT",
                                          "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS")
                             and v != "total"))
        count = now[row["LEVEL"], row["UNIT"], named]
        bad += (row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"]) != (
            ("", "Q", "C") if count is None else (str(count), "A", "F"))
ok(bad == 0, "sdmx/*.csv have the tables' figures")
structure = json.load(open(release + "/sdmx/structure.json"))["data"]
ids = {d["id"] for s in structure["dataStructures"]
       for d in s["dataStructureComponents"]["dimensionList"]["dimensions"]}
heads = {c for p in glob.glob(release + "/sdmx/*.csv") for c in next(csv.reader(open(p)))}
ok(ids <= heads and len(structure["dataflows"]) == len(glob.glob(release + "/sdmx/*.csv")),
   "their structure has a data flow a table and the dimensions of their columns")

# ---- CSV on the Web

TYPES = {"date": r"\d{4}-\d\d-\d\d", "string": r".*", "decimal": r"-?\d+(\.\d+)?", "integer": r"-?\d+"}


def csvw_faults(path):
    meta = json.load(open(path + "-metadata.json"))
    columns = meta["tableSchema"]["columns"]
    data = rows(path)
    faults = [] if meta["url"] == os.path.basename(path) else ["url"]
    if [c["name"] for c in columns] != next(csv.reader(open(path))):
        return ["columns"]
    for c in columns:
        kind = c["datatype"] if isinstance(c["datatype"], dict) else {"base": c["datatype"]}
        pattern = TYPES[kind["base"]]
        for row in data:
            value = row[c["name"]]
            if not value:
                if c["required"]:
                    faults.append("required " + c["name"])
            elif not re.fullmatch(pattern, value) or (
                    "format" in kind and not re.fullmatch(kind["format"], value)) or (
                    "minimum" in kind and int(value) < int(kind["minimum"])):
                faults.append("%s: %s" % (c["name"], value))
    keys = [tuple(row[k] for k in meta["tableSchema"]["primaryKey"]) for row in data]
    return faults + (["primary key"] if len(set(keys)) != len(keys) else [])


faults = {}
files = glob.glob(release + "/**/*.csv", recursive=True)
for path in files:
    faults.update({path: f for f in [csvw_faults(path)] if f})
ok(len(files) > 90 and not faults, "CSV on the Web: %d files are what their metadata say" % len(files),
   list(faults.items())[:1])
catalog = json.load(open(release + "/catalog.jsonld"))
links = [d["dcat:downloadURL"]["@id"] for d in catalog["dcat:distribution"]]
ok(len(links) > 10 and all(os.path.exists(os.path.join(release, link)) for link in links),
   "catalog.jsonld links to %d files that are there" % len(links))

# ---- pages


def page(unit):
    return tree.parse("%s/units/%s/report.html" % (release, unit)).getroot()


def text_of(root, language):
    article = next(a for a in root.iter("article") if a.get("lang") == language)
    return re.sub(r"\s+", " ", "".join(article.itertext()).replace("\u00a0", " "))


government = page("VO")
dutch, english = text_of(government, "nl"), text_of(government, "en")
for sentence in ("9,6%", "4.320 van 45.000 personen", "+0,7 procentpunten sinds 31 december 2016 (toen 8,9%)",
                 "aantal: +315 (toen 4.005)", "Streefcijfer: 10% tegen 31 december 2020", "Nog nodig: 180", "of 200 bovenop",
                 "18 van 77 personen", "92 van 260 personen", "634 van 45.000 personen", "1,4%",
                 "De registratie is vrijwillig: lees dit als een ondergrens",
                 "2,7%", "2,8%", "breuk in de reeks", "leeftijd 18-64", "48,0% daarvan"):
    ok(sentence in dutch, "the government's page: %s" % sentence, dutch)
for sentence in ("+0.7 percentage points since 31 December 2016", "18 of 77 people",
                 "Target: 10% by 31 December 2020"):
    ok(sentence in english, "in English: %s" % sentence, english)
for language, names in (("nl", ("contracttype", "voltijds", "deeltijds (minder dan 38 uur)")),
                        ("fr", ("type de contrat", "full time", "temps partiel")),
                        ("en", ("contract type", "full time", "part time"))):
    ok(all(name in text_of(government, language) for name in names),
       "%s: an own variable goes by its labels, or by its name as words" % language)
drawing = next(s for s in government.iter("svg") if s.get("class") == "chart")
lines = [p.get("class") for p in drawing.iter("path") if "L" in p.get("d")]
dots = sorted((int(c.get("cx")), c.get("class")) for c in drawing.iter("circle"))
breaks = [int(p.get("d")[1:].split()[0]) for p in drawing.iter("path") if p.get("class") == "break"]
ok(sorted(lines) == ["old", "run"] and [c for _, c in dots] == ["old", "old", "run", "run"] and len(breaks) == 1
   and dots[1][0] < breaks[0] < dots[2][0],
   "the older series is a line of its own, the break is drawn between it and this one", (lines, dots, breaks))

units = {}
for u in json.load(open(release + "/rules.json"))["units"]:
    units[u["unit"]] = u
strange, sizes = [], []
for code, u in units.items():
    path = "%s/units/%s/report.html" % (release, code)
    sizes.append(os.path.getsize(path))
    if u["level"] != "entity":
        continue
    named = set(re.findall(r'data-(?:of|plus)="[^"|]*\|(?:government|domain|entity):([^"|]*)', open(path).read()))
    if not named <= {code, u["parent"], units[u["parent"]]["parent"]}:
        strange.append((code, named))
ok(not strange, "an entity's page has no other entity's figure", strange)
ok(max(sizes) < 150000, "the largest page, in four languages, has %d bytes" % max(sizes))

# ---- the entities closest to a target


def nearest(target):
    """[(key, name, share, people, gap)], figures by their digits, of the at most five entities that reach
    the target with the fewest people in the place of others, in the order of rules.json where that is
    the same."""
    part_key, whole_key, aim, _ = meaning(target)
    found = []
    for code, u in units.items():
        part, whole = (now.get((u["level"], code, key)) for key in (part_key, whole_key))
        if u["level"] != "entity" or part is None or not whole or Fraction(100 * part, whole) >= aim:
            continue
        gap = next(n for n in range(1, whole + 1) if Fraction(100 * (part + n), whole) >= aim)
        key = "|".join(["staff|entity:" + code] + ["%s=%s" % pair for pair in whole_key])
        share = half_up(Fraction(100 * part, whole)).replace(".", "")
        found.append((gap, (key, u["name"], share, str(part), str(gap))))
    return [row for _, row in sorted(found, key=lambda f: f[0])[:5]]


def listed(article):
    """The same as an article of a page has it, a list for each table."""
    for division in article.iter("div"):
        if "near" in division.get("class", "").split():
            return [[(row.get("data-of"), row.find("th").text) +
                     tuple(re.sub(r"\D", "", cell.text) for cell in row.findall("td"))
                     for row in table.find("tbody").iter("tr")] for table in division.iter("table")]
    return []


headlines = {}
for name in declared:
    if name.startswith("target:"):
        headlines.setdefault(meaning(name)[:2], name)
wanted = [rows for rows in map(nearest, headlines.values()) if rows]
index = list(tree.parse(release + "/index.html").getroot().iter("article"))
wrong = [(article.get("lang"), listed(article)) for article in index if listed(article) != wanted]
elsewhere = [code for code in units for article in page(code).iter("article") if listed(article)]
ok(len(index) == 4 and len(wanted) == 4 and not wrong and not elsewhere,
   "the index lists the entities closest to each target as recounted", (wrong[:1], wanted, elsewhere))

# ---- workbooks

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
bad = numbers = 0
for code in ("VO", "MOW", "MOW-05", "KB-10"):
    book = zipfile.ZipFile("%s/units/%s/report.xlsx" % (release, code))
    strings = ["".join(t.text or "" for t in s.iter("{%s}t" % NS["m"]))
               for s in tree.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", NS)]
    sheet = tree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    for row in sheet.iter("{%s}row" % NS["m"]):
        values = {}
        for c in row.findall("m:c", NS):
            v = c.find("m:v", NS)
            if v is not None:
                values[re.match("[A-Z]+", c.get("r"))[0]] = (
                    strings[int(v.text)] if c.get("t") == "s" else float(v.text))
        keys = sorted((col, v) for col, v in values.items() if isinstance(v, str) and "|" in v)
        if not keys:
            continue
        _, place, *named = keys[0][1].split("|")
        count = now[tuple(place.split(":")) + (tuple(sorted(tuple(n.split("=")) for n in named)),)]
        found = [v for _, v in sorted(values.items()) if isinstance(v, float)]
        numbers += len(found)
        bad += (count is not None and (not found or found[0] != count)) or (
            count is None and len(found) > 1)
    core = book.read("docProps/core.xml").decode()
    bad += "<dc:creator></dc:creator>" not in core or "2017-12-31T00:00:00Z" not in core
ok(bad == 0 and numbers > 100, "workbooks: %d numbers as in the tables, no author, no clock" % numbers)
print("1..%d" % tests)
