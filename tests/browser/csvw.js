// csvw.js SCHEMA FOLDER: every *-metadata.json below the folder against the W3C's vocabulary as a JSON
// Schema, what a schema cannot say (names once, keys that are columns, a file at its url, its header), and
// metadata with a fault, which must be found. No CSV on the Web validator is kept on npm. Prints TAP.
const Ajv = require('ajv');
const fs = require('fs');
const path = require('path');
const [schema, folder] = process.argv.slice(2);
let number = 0;
function ok(good, name, finding) {
  console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${name}`);
  if (!good && finding) console.log('# ' + String(finding).slice(0, 300));
}
function regex(text) {
  try { return !!new RegExp(text, 'u'); } catch { return false; }
}
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true,
  formats: { regex, 'uri-reference': text => /^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*$/.test(text) } });
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema)));
function faults(meta, file) {
  if (!validate(meta)) return ajv.errorsText(validate.errors);
  const names = meta.tableSchema.columns.map(c => c.name);
  if (new Set(names).size !== names.length) return 'a name twice';
  if (![].concat(meta.tableSchema.primaryKey || []).every(k => names.includes(k))) return 'a key that is no column';
  const table = path.join(path.dirname(file), meta.url);
  if (!fs.existsSync(table) || path.basename(table) + '-metadata.json' !== path.basename(file)) return 'url';
  const header = fs.readFileSync(table, 'utf8').split('\n', 1)[0];
  return header === meta.tableSchema.columns.map(c => c.titles).join(',') ? '' : 'header';
}
const files = fs.readdirSync(folder, { recursive: true }).map(String).filter(f => f.endsWith('-metadata.json'))
  .map(f => path.join(folder, f));
const tables = fs.readdirSync(folder, { recursive: true }).map(String).filter(f => f.endsWith('.csv'));
const found = files.map(f => [f, faults(JSON.parse(fs.readFileSync(f)), f)]).filter(([, fault]) => fault);
ok(found.length === 0 && files.length > 90, `CSV on the Web: ${files.length} descriptions are valid`, found[0]);
ok(tables.length === files.length, 'every CSV file has one', `${tables.length} and ${files.length}`);
const file = files.find(f => f.includes('tables/origin-sex.csv')), right = fs.readFileSync(file, 'utf8');
const wrong = {
  'another vocabulary': m => { m['@context'][0] = 'http://www.w3.org/ns/csv'; },
  'no url': m => { delete m.url; },
  'no such file': m => { m.url = 'other.csv'; },
  'no such datatype': m => { m.tableSchema.columns[0].datatype = 'day'; },
  'no such property': m => { m.tableSchema.columns[0].pattern = 'x'; },
  'a name that is none': m => { m.tableSchema.columns[0].name = 'a-b'; },
  'a name twice': m => { m.tableSchema.columns[1].name = 'period'; },
  'a pattern that is none': m => { m.tableSchema.columns[1].datatype.format = '('; },
  'a key that is no column': m => { m.tableSchema.primaryKey.push('other'); },
  'a column too few': m => { m.tableSchema.columns.pop(); },
};
for (const [name, change] of Object.entries(wrong)) {
  const meta = JSON.parse(right);
  change(meta);
  ok(faults(meta, file) !== '', `${name}: found`);
}
