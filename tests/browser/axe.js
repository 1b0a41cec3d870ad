// axe.js PAGE...: axe-core on each page, in each of its languages, on a wide screen and at 320 pixels
// (WCAG's zoom of 400 %), where nothing but tables may scroll sideways; the language switch by keyboard.
// Prints TAP.
const { chromium } = require('playwright-core');
const fs = require('fs');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let number = 0;
function ok(good, name, findings) {
  console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${name}`);
  if (!good) for (const finding of findings || []) console.log('# ' + finding);
}
async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run());
  return result.violations.map(v => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 160)}`);
}
(async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ javaScriptEnabled: true });
  const requests = [];
  page.on('request', r => { if (!r.url().startsWith('file://')) requests.push(r.url()); });
  for (const file of process.argv.slice(2)) {
    const name = file.split('/').slice(-2).join('/');
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.goto('file://' + file);
    const inputs = await page.$$eval('main > input', all => all.map(i => i.id));
    for (const id of inputs) {
      const language = id.replace('show-', '');
      await page.check('#' + id, { force: true });
      const shown = await page.$$eval('article', all => all.filter(a => a.offsetHeight > 0).map(a => a.lang).join());
      ok(shown === language, `${name}: the switch shows ${language} alone`, [shown]);
      const found = await violations(page);
      ok(found.length === 0, `${name} (${language}): axe-core finds nothing`, found);
    }
    if (inputs.length > 1) {
      await page.focus('#' + inputs[0]);
      await page.keyboard.press('ArrowDown');
      ok(await page.isChecked('#' + inputs[1]), `${name}: the switch by keyboard`);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= 320, `${name}: no sideways scrolling at 400 %`, [`${wide} pixels`]);
  }
  ok(requests.length === 0, 'no page asks the network for anything', requests);
  await browser.close();
})();
