#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""check_export.py RELEASE RECOUNT TAUARGUS.zip SDCTABLE.zip: the exports read back by what tau-ARGUS's manual
and sdcTable's documentation say of their input. Every count against the release's published ones and, hidden
ones too, against recount.sh; every margin against its parts; every status against the rules, recomputed.
Prints TAP. Python's standard library only."""
import csv
import io
import json
import re
import sys
import zipfile

release, recount_file, tau_file, sdc_file = sys.argv[1:5]
tests = 0


def ok(good, name, found=""):
    global tests
    tests += 1
    print("%s %d - %s" % ("ok" if good else "not ok", tests, name))
    if not good and found:
        print("# %s" % str(found)[:300])


def unpack(path):
    with zipfile.ZipFile(path) as archive:
        return {i.filename: archive.read(i).decode("utf-8") for i in archive.infolist()}


rules = json.load(open(release + "/rules.json"))
units = {u["level"] + ":" + u["unit"]: u for u in rules["units"]}
sensitive = {v["name"]: set(v["sensitive"]) for v in rules["variables"]}
threshold, protect_zeros = rules["disclosure"]["threshold"], rules["disclosure"]["zeros"] == "protect"
# A variable's column in recount.sh's output.
COLUMN = {"origin": "origin", "sex": "sex", "age_band": "age_band", "grade": "lvl"}
with open(recount_file, newline="") as file:
    recount = {(r["level"] + ":" + (rules["units"][0]["unit"] if r["unit"] == "*" else r["unit"]),)
               + tuple(r[c] for c in COLUMN.values()): int(r["count"]) for r in csv.DictReader(file)}


def tree(levels, root):
    """{code: parent} from (depth, code) rows; depth 1 = directly below the root."""
    parent, path = {root: None}, [root]
    for depth, code in levels:
        del path[depth:]
        parent[code] = path[-1]
        path.append(code)
    return parent


def published(table):
    with open("%s/tables/%s.csv" % (release, table["name"]), newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] != "n":
                key = (row["level"] + ":" + row["unit"],) + tuple(row[v] for v in table["variables"])
                yield key, int(row["count"]) if row["count"] else None


def check_counts(tool, table, counts):
    """What was published of the table, and what the recount says of the rest."""
    cells = dict(published(table))
    wrong = [k for k, n in cells.items() if n is not None and counts.get(k) != n]
    ok(not wrong and set(counts) == set(cells), "%s, %s: the release's %d cells, and the published counts"
       % (tool, table["name"], len(cells)), wrong[:1] or set(counts) ^ set(cells))
    if not set(table["variables"]) <= set(COLUMN):
        return
    wrong, hidden = [], 0
    for key, n in counts.items():
        of = dict(zip(table["variables"], key[1:]))
        wanted = recount.get((key[0],) + tuple(of.get(v, "total") for v in COLUMN), 0)
        hidden += cells.get(key) is None
        if n != wanted:
            wrong.append((key, n, wanted))
    ok(not wrong and hidden > 0, "%s, %s: all counts, the %d hidden ones too, by a recount of the raw files"
       % (tool, table["name"], hidden), wrong[:1])


def check_sums(tool, table, counts, parents):
    wrong = sums = 0
    for axis, parent in enumerate(parents):
        for code in set(parent.values()) - {None}:
            below = [c for c, p in parent.items() if p == code]
            for key in [k for k in counts if k[axis] == code]:
                sums += 1
                wrong += counts[key] != sum(counts[key[:axis] + (c,) + key[axis + 1:]] for c in below)
    ok(sums > 0 and wrong == 0, "%s, %s: %d sums over its hierarchies hold" % (tool, table["name"], sums), wrong)


def status_of(table, counts, key):
    """u, p or s by the rules: threshold, zeros, minimum population 0."""
    secret = [c != "total" and bool(sensitive[v]) for v, c in zip(table["variables"], key[1:])]
    if not any(secret):
        return "p"
    named = any(c in sensitive[v] for v, c in zip(table["variables"], key[1:]))
    group = counts[(key[0],) + tuple("total" if s else c for s, c in zip(secret, key[1:]))]
    small = 0 < counts[key] < threshold or (protect_zeros and counts[key] == 0 and group > 0)
    return "u" if named and small else "s"


# ---- tau-ARGUS: metadata names the columns of the table in order

tau = unpack(tau_file)
for table in rules["tables"]:
    name, meta, column = table["name"], {}, None
    for line in tau[name + ".rda"].splitlines():
        if not line.startswith((" ", "<")):
            column = line.strip()
            meta[column] = {}
        elif column:
            word, *value = line.split()
            meta[column][word] = value[0].strip('"') if value else ""
    head = dict(re.findall(r'^<(\w+)> "(.+)"$', tau[name + ".rda"], re.M))
    ok(head == {"SEPARATOR": ",", "SAFE": "s", "UNSAFE": "u", "PROTECT": "p"}
       and list(meta) == ["unit"] + table["variables"] + ["count", "population", "status"]
       and "<NUMERIC>" in meta["count"] and "<FREQUENCY>" in meta["population"] and "<STATUS>" in meta["status"],
       "tauargus, %s: its metadata names separator, statuses and columns" % name, list(meta))
    counts, status, codes = {}, {}, [set() for _ in range(len(table["variables"]) + 1)]
    bad = 0
    for row in csv.reader(io.StringIO(tau[name + ".tab"])):
        *key, count, people, mark = row
        bad += len(row) != len(meta) or count != people or tuple(key) in counts
        counts[tuple(key)], status[tuple(key)] = int(count), mark
        for seen, code in zip(codes, key):
            seen.add(code)
    ok(bad == 0, "tauargus, %s: a row a cell, as wide as its metadata" % name, bad)
    parents = []
    for axis, column in enumerate(["unit"] + table["variables"]):
        total = meta[column]["<TOTCODE>"]
        if "<HIERARCHICAL>" in meta[column]:
            lines = tau[meta[column]["<HIERCODELIST>"]].splitlines()
            levels = [(len(l) - len(l.lstrip("@")) + 1, l.lstrip("@")) for l in lines]
        else:
            levels = [(1, c) for c in sorted(codes[axis] - {total})]
        parents.append(tree(levels, total))
    ok(all(set(p) == c for p, c in zip(parents, codes)), "tauargus, %s: hierarchies have its codes, each once" % name)
    check_counts("tauargus", table, counts)
    check_sums("tauargus", table, counts, parents)
    wrong = [k for k in counts if status[k] != status_of(table, counts, k)]
    secret = any(sensitive[v] for v in table["variables"])
    ok(not wrong and set(status.values()) == set("sup" if secret else "p"), "tauargus, %s: statuses by the rules (%d unsafe)"
       % (name, sum(s == "u" for s in status.values())), wrong[:1])
batch = tau["herkomst.arb"].split("<CLEAR>\n")
ok([re.findall(r'^<(\w+)>', b, re.M) for b in batch[:-1]] ==
   [["OPENTABLEDATA", "OPENMETADATA", "SPECIFYTABLE", "SAFETYRULE", "READTABLE", "SUPPRESS", "WRITETABLE"]]
   * len(rules["tables"]) and not batch[-1], "tauargus: the batch has each table's commands in their order")
ok(all('"%s.tab"' % t["name"] in b and '<SPECIFYTABLE> "unit"%s|"count"||'
       % "".join('"%s"' % v for v in t["variables"]) in b for t, b in zip(rules["tables"], batch)),
   "tauargus: and names its file and variables")

# ---- sdcTable: inner cells, of which it makes the margins

sdc = unpack(sdc_file)


def frame(path):
    return list(csv.DictReader(io.StringIO(sdc[path])))


for table in rules["tables"]:
    name, axes = table["name"], ["unit"] + table["variables"]
    parents = []
    for axis in axes:
        rows = [(r["level"], r["code"]) for r in frame("hierarchies/%s.csv" % axis)]
        parents.append(tree([(len(level) - 1, code) for level, code in rows[1:]], rows[0][1]))
        if rows[0][0] != "@" or any(set(level) != {"@"} for level, _ in rows):
            parents[-1] = {}
    counts = {tuple(r[a] for a in axes): int(r["count"]) for r in frame("cells/%s.csv" % name)}
    leaves = [set(p) - set(p.values()) for p in parents]
    ok(all(k[i] in leaves[i] for k in counts for i in range(len(axes))),
       "sdctable, %s: inner cells only, of codes of its hierarchies" % name)
    for axis, parent in enumerate(parents):  # margins, as the package makes them
        full = {}
        for key, n in counts.items():
            code = key[axis]
            while code is not None:
                at = key[:axis] + (code,) + key[axis + 1:]
                full[at] = full.get(at, 0) + n
                code = parent[code]
        counts = full
    check_counts("sdctable", table, counts)
    status = {tuple(r[a] for a in axes): r["status"] for r in frame("status/%s.csv" % name)}
    alone = [{c for c, up in p.items() if list(p.values()).count(up) == 1 and up} for p in parents]
    addressed = {k for k in counts if not any(c in a for c, a in zip(k, alone))}
    letter = {"p": "z", "u": "u", "s": "s"}
    wrong = [k for k in addressed if status.get(k) != letter[status_of(table, counts, k)]]
    ok(set(status) == addressed and not wrong, "sdctable, %s: statuses by the rules, of the cells that it keeps"
       % name, wrong[:1] or len(set(status) ^ addressed))
    ok('protect("%s", c(%s))' % (name, ", ".join('"%s"' % a for a in axes)) in sdc["protect.R"],
       "sdctable, %s: the script protects it" % name)
