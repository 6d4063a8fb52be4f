// What the programs in the pages do, by mouse and by keyboard; and what pages are without them, and under the policy that they are sent with.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { open, url } from "./browser.mjs";

let browser, context, page, refused;
before(async () => (browser = await open()));
after(() => browser.close());
beforeEach(async () => {
  context = await browser.newContext({ locale: "en", permissions: ["clipboard-read", "clipboard-write"] });
  page = await context.newPage();
  refused = [];
  page.on("console", (message) => /Content Security Policy/.test(message.text()) && refused.push(message.text()));
});
afterEach(async () => {
  assert.deepEqual(refused, []);
  await context.close();
});

test("a slash goes to the search field, which answers while one types, and arrow keys walk the answers", async () => {
  await page.goto(`${url}/r/harbour/weather`);
  await page.waitForSelector("hub-search:defined");
  await page.keyboard.press("/");
  await page.keyboard.type("wea");
  await page.waitForSelector('[role="option"]');
  assert.equal(await page.locator('[role="option"]').count(), 2);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.getAttribute('[role="option"]:nth-child(2)', "aria-selected"), "true");
  const active = await page.getAttribute(".search input", "aria-activedescendant");
  assert.match(await page.textContent(`#${active}`), /weather-map/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator('[role="option"]:visible').count(), 0);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/r/harbour/weather");
});

test("Enter without a choice searches", async () => {
  await page.goto(url);
  await page.fill(".search input", "weather");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=weather");
  assert.equal(await page.locator(".card").count(), 2);
});

test("the tree of a layer opens in place, by mouse and by keys, and can be filtered", async () => {
  await page.goto(`${url}/r/harbour/weather:2.4`);
  await page.waitForSelector('[role="tree"]');
  const names = () => page.locator('[role="treeitem"] .node-name').allTextContents();
  assert.deepEqual(await names(), ["etc", "srv"]);
  await page.click('[role="treeitem"]:has-text("srv")');
  await page.waitForSelector('[role="treeitem"]:has-text("old.cfg")');
  assert.equal(await page.locator('[role="treeitem"].hidden').count(), 1);
  await page.focus('[role="treeitem"][tabindex="0"]');
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector('[role="treeitem"]:has-text("sensors.py")');
  await page.keyboard.press("ArrowLeft");
  await page.waitForSelector('[role="treeitem"]:has-text("sensors.py")', { state: "detached" });
  await page.keyboard.press("Home");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /etc/);
  await page.fill(".tree-tools input", "png");
  await page.waitForSelector('[role="treeitem"]:only-child:has-text("png")');
  assert.deepEqual(await names(), ["srv/static/map.png"]);
});

test("a slice of the cake and its step show each other, and lead to the files of their layer", async () => {
  await page.goto(`${url}/r/harbour/weather:2.4`);
  await page.hover(".steps li[data-layer]:last-child a");
  assert.equal(await page.locator(".slice.pointed").count(), 1);
  await page.focus(".cake .slice");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".steps li:last-child.chosen");
  assert.equal(await page.locator(".steps [aria-current]").count(), 1);
});

test("a command is copied", async () => {
  await page.goto(`${url}/r/harbour/weather`);
  await page.click(".command button");
  await page.waitForSelector(".command button.done");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "docker pull hub.example.org/harbour/weather:2.4");
});

test("the theme that was chosen stays", async () => {
  await page.goto(url);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.click("hub-theme button");
  await page.click("hub-theme button");
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await paper(), dark);
});

test("the language that was chosen stays, on the page where it was chosen", async () => {
  await page.goto(`${url}/r/harbour/weather`);
  await page.click(".language button");
  await page.waitForURL("**/r/harbour/weather");
  assert.equal(await page.getAttribute("html", "lang"), "ko");
  await page.goto(`${url}/settings`);
  assert.equal(await page.textContent("h1"), "설정");
});

test("differences of two images are filtered", async () => {
  await page.goto(`${url}/r/harbour/weather/-/compare`);
  await page.fill("hub-filter input", "venv/bin");
  assert.equal(await page.locator(".node:visible").count(), 2);
});

test("the account menu closes by Escape", async () => {
  await page.goto(url);
  await page.click(".menu summary");
  assert.ok(await page.isVisible(".menu-list"));
  await page.keyboard.press("Escape");
  assert.ok(!(await page.isVisible(".menu-list")));
});

test("without programs everything can be read and every link leads on", async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "ko" });
  const still = await plain.newPage();
  await still.goto(`${url}/r/harbour/weather:2.4`);
  assert.equal(await still.locator(".steps li").count(), 10);
  assert.deepEqual(await still.locator(".node-name").allTextContents(), ["etc", "srv"]);
  assert.match(await still.getAttribute('.node-name >> text="srv"', "href"), /path=srv#files$/);
  assert.equal(await still.locator(".enhanced:visible").count(), 0);
  await still.click(".language button");
  assert.equal(await still.getAttribute("html", "lang"), "en");
  await plain.close();
});

test("the first page is drawn within a second and transfers less than 100 kB", async () => {
  await page.goto(url);
  // A page that has loaded may not have been drawn yet; a picture of it has it drawn, on a loaded machine too.
  await page.screenshot();
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const figures = await page.evaluate(() => ({
    drawn: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, entry) => sum + entry.decodedBodySize, 0),
  }));
  assert.ok(figures.bytes > 10_000 && figures.bytes < 100_000, `${figures.bytes} bytes`);
  // Not a bench: a loaded machine may take longer than what bench/ measures.
  assert.ok(figures.drawn < 10_000, `${figures.drawn} ms`);
});
