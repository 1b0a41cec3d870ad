// node duckdb.mjs INPUTS HASH: what DuckDB does of herkomst's work on a made-up country: reads the
// two files, hashes every number with a key (HASH: sha256, md5), joins employments in force to the person
// and both parents, and counts by sector x origin x sex x age x region. No strictness, no pseudonym once a
// person, no main employment, no encryption, no suppression, no release. Prints the seconds and the rows.
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.env.DUCKDB_FROM + '/')('@duckdb/node-api');
const [, , inputs, hash] = process.argv;
const key = '0123456789abcdef0123456789abcdef';
const keyed = (number) => `${hash}('${key}' || ${number})`;
const file = (path) => `read_csv('${path}', header = true, all_varchar = true)`;
const begun = process.hrtime.bigint();
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
await connection.run(`CREATE TABLE r AS
    SELECT ${keyed('person')} p, CAST(substr(birth_date, 1, 4) AS SMALLINT) b, sex,
           nationality_first nf, nationality_current nc, ${keyed('parent1')} p1, ${keyed('parent2')} p2
    FROM ${file(`${inputs}/register.csv`)}`);
const counts = await connection.runAndReadAll(`
    SELECT e.sector,
           CASE WHEN f.nf <> '150' THEN f.nf WHEN m.nf <> '150' THEN m.nf WHEN r.nf <> '150' THEN r.nf
                WHEN r.nc <> '150' THEN r.nc ELSE '150' END o,
           r.sex, (2017 - r.b) // 10 a, e.region, count(*) n
    FROM (SELECT ${keyed('person')} p, sector, region FROM ${file(`${inputs}/employments.csv`)}
          WHERE start_date <= '2017-12-31'
            AND (end_date IS NULL OR end_date = '' OR end_date >= '2017-12-31')) e
    LEFT JOIN r ON e.p = r.p LEFT JOIN r f ON r.p1 = f.p LEFT JOIN r m ON r.p2 = m.p
    GROUP BY ALL`);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(seconds.toFixed(2), counts.currentRowCount);
process.exit(0);
