-- Recount of the sample's raw files, in SQL alone: numbers, employments, nationalities, parents, FL2016,
-- counts. Written from the contract's text, not from the C code. recount.sh fills the raw_ tables and
-- the table run(day).

-- Every number as it is written, with the birth year where its row has one.
CREATE TABLE number(raw TEXT, born INTEGER, digits TEXT, canonical TEXT);
INSERT INTO number(raw, born)
SELECT DISTINCT raw, born FROM (
    SELECT person AS raw, CAST(substr(birth, -4) AS INTEGER) AS born FROM raw_personnel
    UNION ALL SELECT person, CASE WHEN birth_date <> '' THEN CAST(substr(birth_date, 1, 4) AS INTEGER) END
              FROM raw_register
    UNION ALL SELECT person, NULL FROM raw_nationality
    UNION ALL SELECT person, NULL FROM raw_filiation
    UNION ALL SELECT parent1, NULL FROM raw_filiation
    UNION ALL SELECT parent2, NULL FROM raw_filiation
    UNION ALL SELECT old, NULL FROM raw_alias
    UNION ALL SELECT new, NULL FROM raw_alias);
UPDATE number SET digits = replace(replace(replace(replace(raw, '.', ''), '-', ''), ' ', ''), char(160), '');
UPDATE number SET digits = substr('00' || digits, -11) WHERE length(digits) BETWEEN 9 AND 10;
UPDATE number SET digits = NULL WHERE length(digits) <> 11 OR digits GLOB '*[^0-9]*'
    OR CAST(substr(digits, 3, 2) AS INTEGER) % 20 > 12 OR substr(digits, 3, 2) >= '53';
UPDATE number SET canonical = digits
WHERE (coalesce(born, 1900) < 2000
       AND CAST(substr(digits, 10) AS INTEGER) = 97 - CAST(substr(digits, 1, 9) AS INTEGER) % 97)
   OR (coalesce(born, 2000) >= 2000
       AND substr(digits, 1, 2) <= (SELECT substr(day, 3, 2) FROM run)
       AND CAST(substr(digits, 10) AS INTEGER)
           = 97 - (2000000000 + CAST(substr(digits, 1, 9) AS INTEGER)) % 97);
CREATE INDEX number_raw ON number(raw, born);

-- Renumbered people stand under their last number everywhere.
CREATE TABLE renumbered(old TEXT PRIMARY KEY, new TEXT);
WITH RECURSIVE
    step(old, new) AS (
        SELECT DISTINCT o.canonical, n.canonical FROM raw_alias a
        JOIN number o ON o.raw = a.old AND o.born IS NULL JOIN number n ON n.raw = a.new AND n.born IS NULL
        WHERE o.canonical IS NOT NULL AND n.canonical IS NOT NULL),
    chain(old, new, length) AS (
        SELECT old, new, 1 FROM step
        UNION ALL SELECT c.old, s.new, c.length + 1 FROM chain c JOIN step s ON s.old = c.new
                  WHERE c.length < 20)
INSERT INTO renumbered SELECT old, new FROM chain c
WHERE NOT EXISTS (SELECT 1 FROM step WHERE old = c.new);
UPDATE number SET canonical = (SELECT new FROM renumbered WHERE old = canonical)
WHERE canonical IN (SELECT old FROM renumbered);

-- Employments in force. Rows that cannot be read do not exist; rows without a valid number are a person each.
CREATE TABLE employment(row INTEGER PRIMARY KEY, person TEXT, entity TEXT, starts TEXT, ends TEXT, fte REAL,
                        birth TEXT, sex TEXT, lvl TEXT);
WITH split AS (
    SELECT rowid AS row, *,
           instr(start, '/') AS s1, instr(substr(start, instr(start, '/') + 1), '/') AS s2,
           instr(end, '/') AS e1, instr(substr(end, instr(end, '/') + 1), '/') AS e2,
           instr(birth, '/') AS b1, instr(substr(birth, instr(birth, '/') + 1), '/') AS b2
    FROM raw_personnel WHERE statute = 'staff'),
iso AS (
    SELECT *,
        printf('%04d-%02d-%02d', substr(start, -4), substr(start, s1 + 1, s2 - 1), substr(start, 1, s1 - 1)) AS starts,
        CASE WHEN end <> '' THEN
        printf('%04d-%02d-%02d', substr(end, -4), substr(end, e1 + 1, e2 - 1), substr(end, 1, e1 - 1)) END AS ends,
        printf('%04d-%02d-%02d', substr(birth, -4), substr(birth, b1 + 1, b2 - 1), substr(birth, 1, b1 - 1)) AS born_on,
        CAST(replace(fte, ',', '.') AS REAL) AS part
    FROM split)
INSERT INTO employment
SELECT row, (SELECT canonical FROM number n WHERE n.raw = iso.person AND n.born = CAST(substr(birth, -4) AS INTEGER)),
       entity, starts, ends, part, born_on, lower(sex), level
FROM iso, run
WHERE date(starts) = starts AND (ends IS NULL OR date(ends) = ends) AND part BETWEEN 0 AND 1
  AND entity IN (SELECT entity FROM raw_entities)
  AND starts <= day AND (ends IS NULL OR ends >= day);
CREATE TABLE staff AS
SELECT * FROM employment WHERE person IS NULL
UNION ALL
SELECT row, person, entity, starts, ends, fte, birth, sex, lvl FROM (
    SELECT *, row_number() OVER (PARTITION BY person ORDER BY fte DESC, starts, entity, row) AS place
    FROM employment WHERE person IS NOT NULL)
WHERE place = 1;

-- The register, a row a person.
CREATE TABLE register(person TEXT PRIMARY KEY, birth TEXT, sex TEXT, first TEXT, current TEXT);
INSERT OR IGNORE INTO register
SELECT canonical, nullif(birth_date, ''), sex, nationality_first, nationality_current
FROM raw_register r JOIN number n ON n.raw = r.person
 AND n.born IS CASE WHEN birth_date <> '' THEN CAST(substr(birth_date, 1, 4) AS INTEGER) END
WHERE canonical IS NOT NULL;

-- Nationalities: NIS codes as integers, 999 unknown (NULL), -1 Belgian no more; what is no code has no row.
CREATE TABLE history(person TEXT, nis INTEGER, starts TEXT, ends TEXT);
WITH cleaned AS (
    SELECT canonical AS person, start_date, end_date,
           CASE WHEN trim(nationality) LIKE '%.0' THEN substr(trim(nationality), 1, length(trim(nationality)) - 2)
                ELSE trim(nationality) END AS code
    FROM raw_nationality r JOIN number n ON n.raw = r.person AND n.born IS NULL WHERE canonical IS NOT NULL)
INSERT INTO history
SELECT person, nullif(CAST(code AS INTEGER), 999), start_date, nullif(end_date, '')
FROM cleaned WHERE code <> '' AND code NOT GLOB '*[^0-9]*';
CREATE INDEX history_person ON history(person);

CREATE TABLE nationality(person TEXT PRIMARY KEY, first INTEGER, current INTEGER);
INSERT INTO nationality
WITH ranked AS (
    SELECT person, nis, starts, ends,
        row_number() OVER (PARTITION BY person ORDER BY starts, nis = 150 DESC, nis IS NULL, nis) AS earliest
    FROM history),
in_force AS (
    SELECT person, nis,
        row_number() OVER (PARTITION BY person ORDER BY starts DESC, nis = 150 DESC, nis IS NULL, nis) AS latest
    FROM history, run WHERE starts <= day AND (ends IS NULL OR ends >= day)),
over AS (
    SELECT person, nis,
        row_number() OVER (PARTITION BY person ORDER BY ends DESC, nis = 150 DESC) AS latest
    FROM history, run WHERE starts <= day AND ends < day)
SELECT r.person, r.nis,
       CASE WHEN f.person IS NOT NULL THEN f.nis WHEN o.nis = 150 THEN -1 END
FROM ranked r
LEFT JOIN in_force f ON f.person = r.person AND f.latest = 1
LEFT JOIN over o ON o.person = r.person AND o.latest = 1
WHERE r.earliest = 1;
INSERT OR IGNORE INTO nationality
SELECT person, nullif(CAST(first AS INTEGER), 999), nullif(CAST(current AS INTEGER), 999) FROM register;

-- Parents: NULL unknown, 'none' legally absent. Implausible ones are unknown.
CREATE TABLE parents(person TEXT PRIMARY KEY, one TEXT, two TEXT);
INSERT OR IGNORE INTO parents
SELECT c.canonical, CASE parent1 WHEN 'none' THEN 'none' ELSE a.canonical END,
       CASE parent2 WHEN 'none' THEN 'none' ELSE b.canonical END
FROM raw_filiation f JOIN number c ON c.raw = f.person AND c.born IS NULL AND c.canonical IS NOT NULL
LEFT JOIN number a ON a.raw = parent1 AND a.born IS NULL LEFT JOIN number b ON b.raw = parent2 AND b.born IS NULL;
UPDATE parents SET two = NULL WHERE two = one AND one <> 'none';
UPDATE parents SET one = NULL WHERE one = person;
UPDATE parents SET two = NULL WHERE two = person;
CREATE TABLE implausible AS
SELECT p.person AS child, q.person AS parent
FROM parents p JOIN register c ON c.person = p.person JOIN register q ON q.person IN (p.one, p.two)
WHERE printf('%04d', substr(q.birth, 1, 4) + 12) || substr(q.birth, 5) > c.birth
   OR printf('%04d', substr(q.birth, 1, 4) + 80) || substr(q.birth, 5) < c.birth;
UPDATE parents SET one = NULL WHERE (person, one) IN (SELECT child, parent FROM implausible);
UPDATE parents SET two = NULL WHERE (person, two) IN (SELECT child, parent FROM implausible);

-- The four facts of each staff member: 150, another code, 0 = no such parent, NULL = unknown.
CREATE TABLE fact AS
SELECT s.entity, coalesce(r.sex, s.sex) AS sex, coalesce(r.birth, s.birth) AS birth, s.lvl,
       n.first AS own_first, n.current AS own_current,
       CASE p.one WHEN 'none' THEN 0 ELSE (SELECT first FROM nationality x WHERE x.person = p.one) END AS one,
       CASE p.two WHEN 'none' THEN 0 ELSE (SELECT first FROM nationality x WHERE x.person = p.two) END AS two
FROM staff s LEFT JOIN register r ON r.person = s.person LEFT JOIN nationality n ON n.person = s.person
LEFT JOIN parents p ON p.person = s.person;

-- Members of the EU by NIS code, with the territories that belong to it.
CREATE TABLE member(nis INTEGER, since TEXT, until TEXT);
INSERT INTO member VALUES
    (150, '1958-01-01', NULL), (103, '1958-01-01', NULL), (111, '1958-01-01', NULL), (128, '1958-01-01', NULL),
    (113, '1958-01-01', NULL), (129, '1958-01-01', NULL), (108, '1973-01-01', NULL), (116, '1973-01-01', NULL),
    (112, '1973-01-01', '2020-01-31'), (180, '1973-01-01', '2020-01-31'), (114, '1981-01-01', NULL),
    (109, '1986-01-01', NULL), (123, '1986-01-01', NULL), (105, '1995-01-01', NULL), (110, '1995-01-01', NULL),
    (126, '1995-01-01', NULL), (107, '2004-05-01', NULL), (140, '2004-05-01', NULL), (136, '2004-05-01', NULL),
    (115, '2004-05-01', NULL), (137, '2004-05-01', NULL), (135, '2004-05-01', NULL), (119, '2004-05-01', NULL),
    (122, '2004-05-01', NULL), (147, '2004-05-01', NULL), (141, '2004-05-01', NULL), (106, '2007-01-01', NULL),
    (124, '2007-01-01', NULL), (146, '2013-07-01', NULL), (387, '1958-01-01', NULL), (481, '1958-01-01', NULL),
    (496, '1958-01-01', NULL), (497, '1958-01-01', NULL), (581, '1958-01-01', NULL), (398, '1986-01-01', NULL),
    (399, '1986-01-01', NULL);

CREATE TABLE person AS
WITH decided AS (
    SELECT *, CASE WHEN one NOT IN (0, 150) THEN one WHEN two NOT IN (0, 150) THEN two
                   WHEN own_first <> 150 THEN own_first WHEN own_current <> 150 THEN own_current END AS foreign_fact,
           CAST(substr(day, 1, 4) AS INTEGER) - CAST(substr(birth, 1, 4) AS INTEGER)
               - (substr(day, 6) < substr(birth, 6)) AS age
    FROM fact, run)
SELECT entity, (SELECT domain FROM raw_entities e WHERE e.entity = decided.entity) AS domain,
       CASE WHEN foreign_fact IS NOT NULL THEN
                CASE WHEN EXISTS (SELECT 1 FROM member WHERE nis = foreign_fact AND since <= day
                                  AND (until IS NULL OR until >= day)) THEN 'eu' ELSE 'non_eu' END
            WHEN one IS NOT NULL AND two IS NOT NULL AND own_first IS NOT NULL AND own_current IS NOT NULL
                THEN 'belgian'
            ELSE 'unknown' END AS origin,
       sex,
       CASE WHEN age < 25 THEN '-24' WHEN age < 35 THEN '25-34' WHEN age < 45 THEN '35-44'
            WHEN age < 55 THEN '45-54' WHEN age >= 55 THEN '55+' ELSE 'unknown' END AS age_band,
       CASE WHEN lvl IN ('A', 'B', 'C', 'D') THEN lvl ELSE 'unknown' END AS lvl
FROM decided;

-- Every cell of the four origin tables that is not zero.
CREATE TABLE leaf AS
SELECT entity, domain, origin, sex, age_band, lvl, count(*) AS n FROM person GROUP BY 1, 2, 3, 4, 5, 6;
CREATE TABLE by_origin AS
SELECT entity, domain, origin, sex, age_band, lvl, n FROM leaf
UNION ALL SELECT entity, domain, 'foreign', sex, age_band, lvl, n FROM leaf WHERE origin IN ('eu', 'non_eu')
UNION ALL SELECT entity, domain, 'total', sex, age_band, lvl, n FROM leaf;
CREATE TABLE by_unit AS
SELECT entity AS unit, 'entity' AS level, origin, sex, age_band, lvl, n FROM by_origin
UNION ALL SELECT domain, 'domain', origin, sex, age_band, lvl, n FROM by_origin
UNION ALL SELECT '*', 'government', origin, sex, age_band, lvl, n FROM by_origin;
.headers on
.mode csv
.separator , "\n"
SELECT unit, level, origin, 'total' AS sex, 'total' AS age_band, 'total' AS lvl, sum(n) AS count
FROM by_unit GROUP BY 1, 2, 3
UNION ALL SELECT unit, level, origin, sex, 'total', 'total', sum(n) FROM by_unit GROUP BY 1, 2, 3, 4
UNION ALL SELECT unit, level, origin, 'total', age_band, 'total', sum(n) FROM by_unit GROUP BY 1, 2, 3, 5
UNION ALL SELECT unit, level, origin, 'total', 'total', lvl, sum(n) FROM by_unit GROUP BY 1, 2, 3, 6
ORDER BY 2, 1, 3, 4, 5, 6;
