// Every page in Chromium, in both languages: drawn without an error, as wide as its window at three widths, and without serious findings of axe.
// HUB_URL: a site with the sample registry in it. CHROMIUM: the browser's program.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { open, url } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const pages = [
  "/", "/empty", "/search?q=weather", "/nothing?q=nothing", "/r/harbour/weather", "/r/harbour/weather:2.4", "/r/harbour/weather/-/compare", "/r/harbour/weather/-/settings", "/u/harbour",
  "/u/harbour/teams", "/u/harbour/settings", "/u/harbour/robots", "/u/harbour/activity",
  "/sign-in?anonymous", "/sign-up?anonymous", "/new", "/settings", "/settings/password", "/settings/tokens", "/settings/robots", "/settings/sessions",
  "/settings/activity", "/admin", "/admin/users", "/admin/users/pilot", "/admin/audit", "/missing",
];

let browser;
before(async () => (browser = await open()));
after(() => browser.close());

for (const [language, scheme] of [["en", "light"], ["ko", "dark"]]) {
  describe(`${language}, ${scheme}`, { concurrency: 3 }, () => {
    let context;
    before(async () => (context = await browser.newContext({ locale: language, colorScheme: scheme, bypassCSP: true })));
    after(() => context.close());

    for (const path of pages) {
      test(path, async () => {
        const page = await context.newPage();
        const errors = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && errors.push(message.text()));
        await page.goto(url + path);
        await page.waitForSelector(".js body:has(hub-theme:defined)");
        assert.equal(await page.getAttribute("html", "lang"), language);
        assert.equal(/[가-힣]/.test(await page.textContent("footer")), language === "ko");

        for (const width of [1440, 820, 390]) {
          await page.setViewportSize({ width, height: 900 });
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wider <= 0, `${wider} pixels wider than a window of ${width}`);
        }

        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
        const serious = found.violations.filter((violation) => violation.impact === "serious" || violation.impact === "critical");
        assert.deepEqual(serious.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ").slice(0, 600)}`), []);
        assert.deepEqual(errors, []);
        await page.close();
      });
    }
  });
}
