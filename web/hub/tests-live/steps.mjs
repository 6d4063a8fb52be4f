// What a person does in a page, and how what is seen is checked.
import assert from "node:assert/strict";
import { open, url } from "../tests/browser.mjs";

let browser;
const contexts = [];

/** A browser of its own, as of another person or another machine. */
export async function someone(locale = "en", options = {}) {
  browser ??= await open();
  const context = await browser.newContext({ locale, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => /Content Security Policy/.test(message.text()) && page.wrong.push(message.text()));
  page.on("response", (response) => response.status() >= 500 && page.wrong.push(`${response.url()}: ${response.status()}`));
  return page;
}

/** Ends the browser; what any page complained of fails the test. */
export async function end() {
  const wrong = contexts.flatMap((context) => context.pages().flatMap((page) => page.wrong ?? []));
  await browser?.close();
  assert.deepEqual(wrong, []);
}

export const go = (page, path) => page.goto(url + path);

/** Fills in the form with that heading, by labels (true for a choice that is ticked), and sends it by its last button or the one named. */
export async function fill(page, form, fields, button) {
  const found = typeof form === "string" ? page.locator("form", { has: page.getByRole("heading", { name: form, exact: true }) }) : form;
  for (const [label, value] of Object.entries(fields)) {
    if (value === true) await found.getByText(label, { exact: true }).click();
    else {
      const field = found.getByLabel(label, { exact: true });
      if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption({ label: value });
      else await field.fill(value);
    }
  }
  await Promise.all([page.waitForEvent("domcontentloaded"), (button ? found.getByRole("button", { name: button, exact: true }) : found.getByRole("button").last()).click()]);
}

/** Presses a button that sends a form. */
export const press = (page, name) => Promise.all([page.waitForEvent("domcontentloaded"), page.getByRole("button", { name, exact: true }).click()]);

export const text = async (page, selector = "main") => (await page.locator(selector).allInnerTexts()).join("\n");

export async function sees(page, what, selector = "main") {
  const said = await text(page, selector);
  assert.ok(typeof what === "string" ? said.includes(what) : what.test(said), `${what} is not in ${page.url()}:\n${said}`);
}

export async function misses(page, what, selector = "main") {
  assert.ok(!(await text(page, selector)).includes(what), `${what} is in ${page.url()}`);
}

/** What a form refused with. */
export const refused = (page, what) => sees(page, what, '[role="alert"]');

export async function signIn(page, name, password, next = "/") {
  await go(page, `/sign-in?next=${encodeURIComponent(next)}`);
  await fill(page, page.locator("main form"), { "User name": name, Password: password });
}

export async function signUp(page, name, password) {
  await go(page, "/sign-up");
  await fill(page, page.locator("main form"), { "User name": name, Email: `${name}@example.org`, Password: password });
}

/** Who the page says is signed in; null for nobody. */
export async function viewer(page) {
  const menu = page.locator(".menu summary");
  return (await menu.count()) === 0 ? null : (await menu.getAttribute("aria-label")).replace("Account menu: ", "");
}

/** Asks again until it holds. */
export async function until(what, holds, seconds = 40) {
  for (const end = Date.now() + seconds * 1000; !(await holds()); ) {
    assert.ok(Date.now() < end, `waited ${seconds} s for: ${what}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
