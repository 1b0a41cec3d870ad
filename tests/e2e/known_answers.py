#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The vectors that the C programs are tested with, recomputed by another implementation: Python's
hashlib. Prints TAP. Python's standard library only; run from the root of the sources."""
import csv
import hashlib
import sys

tests = 0
failures = 0


def ok(condition, name):
    global tests, failures
    tests += 1
    failures += not condition
    print("%s %d - %s" % ("ok" if condition else "not ok", tests, name))


def rows(path):
    with open(path, newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def release_key(master, purpose, release):
    message = b"herkomst " + purpose.encode() + b"\n" + release.encode()
    return hashlib.blake2b(message, digest_size=32, key=master).digest()


def fingerprint(master):
    return hashlib.blake2b(b"herkomst fingerprint\n", digest_size=16, key=master).digest()[:8].hex()


def check_digits_hold(number):
    rest, check = number[:9], 97 - int(number[9:])
    return check in (int(rest) % 97, int("2" + rest) % 97)


def pseudonyms(path):
    vectors = rows(path)
    ok(len(vectors) >= 50, "%s: at least 50 vectors" % path)
    for at, v in enumerate(vectors, 1):
        master = bytes.fromhex(v["master"])
        key = release_key(master, v["purpose"], v["release"])
        pseudonym = hashlib.blake2b(v["number"].encode(), digest_size=16, key=key).hexdigest()
        ok(key.hex() == v["release_key"], "%s %d: release key" % (path, at))
        ok(fingerprint(master) == v["fingerprint"], "%s %d: fingerprint" % (path, at))
        ok(pseudonym == v["pseudonym"], "%s %d: pseudonym" % (path, at))
    ok(all(check_digits_hold(v["number"]) and v["number"][6:9] in ("000", "999")
           for v in vectors), "numbers are valid, and never issued to anybody")
    # The same person under another key, purpose or release is somebody else.
    ok(len({v["pseudonym"] for v in vectors}) == len(vectors), "no pseudonym comes back")


def blake2b(path):
    for at, v in enumerate(rows(path), 1):
        digest = hashlib.blake2b(bytes.fromhex(v["message"]), digest_size=int(v["bytes"]),
                                 key=bytes.fromhex(v["key"])).hexdigest()
        ok(digest == v["digest"], "%s %d" % (path, at))


def sha256(path):
    for at, v in enumerate(rows(path), 1):
        message = bytes.fromhex(v["pattern"]) * int(v["times"])
        ok(hashlib.sha256(message).hexdigest() == v["digest"], "%s %d" % (path, at))


pseudonyms("tests/vectors/pseudonyms.csv")
blake2b("tests/vectors/blake2b.csv")
sha256("tests/vectors/sha256.csv")
print("1..%d" % tests)
sys.exit(1 if failures else 0)
