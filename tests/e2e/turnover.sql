-- Who joined and who left each head count between two days, recounted from the sample's raw files in SQL
-- alone; written from the contract's text, not from the C code. recount.sh fills the raw_ tables, run(day)
-- and run_since(day), and runs the part of recount.sql on numbers first.

-- Employments that can be read; in force or not.
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
FROM iso
WHERE date(starts) = starts AND (ends IS NULL OR date(ends) = ends) AND part BETWEEN 0 AND 1
  AND entity IN (SELECT entity FROM raw_entities);

-- The entity of today that each entity goes on in.
CREATE TABLE valid AS
SELECT entity, domain FROM raw_entities, run
WHERE (valid_from = '' OR valid_from <= day) AND (valid_to = '' OR valid_to >= day);
CREATE TABLE series(entity TEXT PRIMARY KEY, today TEXT, domain TEXT);
WITH RECURSIVE follow(entity, at, steps) AS (
    SELECT entity, entity, 0 FROM raw_entities
    UNION ALL
    SELECT f.entity, e.successor, steps + 1 FROM follow f JOIN raw_entities e ON e.entity = f.at
    WHERE f.at NOT IN (SELECT entity FROM valid) AND e.successor <> '' AND steps < 20)
INSERT INTO series SELECT f.entity, v.entity, v.domain FROM follow f JOIN valid v ON v.entity = f.at;

CREATE TABLE register(person TEXT PRIMARY KEY, birth TEXT, sex TEXT);
INSERT OR IGNORE INTO register
SELECT canonical, nullif(birth_date, ''), sex
FROM raw_register r JOIN number n ON n.raw = r.person
 AND n.born IS CASE WHEN birth_date <> '' THEN CAST(substr(birth_date, 1, 4) AS INTEGER) END
WHERE canonical IS NOT NULL;

-- Where everybody stood on both days, at their main employment of that day.
CREATE TABLE stood AS
WITH days(day, side) AS (SELECT day, 'now' FROM run UNION ALL SELECT day, 'then' FROM run_since),
ranked AS (
    SELECT e.*, side, day, coalesce(person, 'row ' || row) AS who,
           row_number() OVER (PARTITION BY side, coalesce(person, 'row ' || row)
                              ORDER BY fte DESC, starts, entity, row) AS place
    FROM employment e, days WHERE starts <= day AND (ends IS NULL OR ends >= day)),
aged AS (
    SELECT side, who, s.today AS entity, s.domain, coalesce(g.sex, r.sex) AS sex, lvl,
           CAST(substr(day, 1, 4) AS INTEGER) - CAST(substr(coalesce(g.birth, r.birth), 1, 4) AS INTEGER)
               - (substr(day, 6) < substr(coalesce(g.birth, r.birth), 6)) AS age
    FROM ranked r JOIN series s ON s.entity = r.entity LEFT JOIN register g ON g.person = r.person
    WHERE place = 1)
SELECT side, who, entity, domain, sex,
       CASE WHEN age < 25 THEN '-24' WHEN age < 35 THEN '25-34' WHEN age < 45 THEN '35-44'
            WHEN age < 55 THEN '45-54' WHEN age >= 55 THEN '55+' ELSE 'unknown' END AS age_band,
       CASE WHEN lvl IN ('A', 'B', 'C', 'D') THEN lvl ELSE 'unknown' END AS grade
FROM aged;

CREATE TABLE member AS
WITH places AS (
    SELECT side, who, 'entity' AS level, entity AS unit, sex, age_band, grade FROM stood
    UNION ALL SELECT side, who, 'domain', domain, sex, age_band, grade FROM stood
    UNION ALL SELECT side, who, 'government', 'VO', sex, age_band, grade FROM stood)
SELECT side, who, level, unit, 'total' AS sex, 'total' AS age_band, 'total' AS grade FROM places
UNION ALL SELECT side, who, level, unit, sex, 'total', 'total' FROM places
UNION ALL SELECT side, who, level, unit, 'total', age_band, 'total' FROM places
UNION ALL SELECT side, who, level, unit, 'total', 'total', grade FROM places;
CREATE INDEX member_index ON member(side, who, level, unit, sex, age_band, grade);

.headers on
.mode csv
.separator , "\n"
WITH moved AS (
    SELECT m.*, m.side = 'now' AS joined FROM member m
    WHERE NOT EXISTS (SELECT 1 FROM member o WHERE o.side <> m.side AND o.who = m.who AND o.level = m.level
                      AND o.unit = m.unit AND o.sex = m.sex AND o.age_band = m.age_band AND o.grade = m.grade))
SELECT (SELECT day FROM run_since) || '/' || (SELECT day FROM run) AS period, level, unit, sex, age_band, grade,
       sum(joined) AS joined, sum(NOT joined) AS left
FROM moved GROUP BY level, unit, sex, age_band, grade ORDER BY 2, 3, 4, 5, 6;
