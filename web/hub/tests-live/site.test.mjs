// The site of a real naru-hub, as people use it from their first visit on; what they do there is looked at through the registry too.
// HUB_URL: a naru-hub with sign-up open, web hooks to this machine and an administrator. HUB_ADMIN: that administrator, as NAME:PASSWORD. CHROMIUM: the browser.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { url } from "../tests/browser.mjs";
import { host, image, login, pull, push } from "./registry.mjs";
import { end, fill, go, misses, press, refused, sees, signIn, signUp, someone, text, until, viewer } from "./steps.mjs";

const [admin, adminPassword] = process.env.HUB_ADMIN.split(":");
const oldPassword = "a river in the morning";
const password = "a river in the evening";
let ada, bob, keeper, token;

before(async () => {
  ada = await someone();
  bob = await someone();
  keeper = await someone();
});
after(end);

test("somebody makes an account", async () => {
  await signUp(ada, "admin", oldPassword);
  await refused(ada, "reserved");
  await signUp(ada, "ada", oldPassword);
  assert.equal(await viewer(ada), "ada");
  assert.ok(await login("ada", oldPassword));
  await signUp(bob, "ada", oldPassword);
  await refused(bob, "The name ada is taken.");
  await signUp(bob, "bob", "bob has a password");
  assert.equal(await viewer(bob), "bob");
});

test("and signs out and in again", async () => {
  await ada.click(".menu summary");
  await press(ada, "Sign out");
  assert.equal(await viewer(ada), null);
  await go(ada, "/settings/tokens");
  await fill(ada, ada.locator("main form"), { "User name": "ada", Password: "not it" });
  await refused(ada, "User name or password is not right.");
  assert.equal(await viewer(ada), null);
  await fill(ada, ada.locator("main form"), { "User name": "ada", Password: oldPassword });
  assert.equal(await viewer(ada), "ada");
  await sees(ada, "You have no tokens.");
});

test("a password is changed by who knows it, and the old one ends", async () => {
  await go(ada, "/settings/password");
  await fill(ada, "Change password", { "Current password": "not it", "New password": password });
  await refused(ada, "The current password is not right.");
  await fill(ada, "Change password", { "Current password": oldPassword, "New password": "aaaaaaaaaaaa" });
  await refused(ada, "one character repeated");
  await fill(ada, "Change password", { "Current password": oldPassword, "New password": password });
  await sees(ada, "Your password is changed.");
  assert.equal(await viewer(ada), "ada");
  assert.deepEqual([await login("ada", oldPassword), await login("ada", password)], [false, true]);
});

test("a token is shown once and signs in to the registry as far as it may", async () => {
  const made = async (name, may) => {
    await go(ada, "/settings/tokens");
    await fill(ada, "New token", { Name: name, May: may });
    await sees(ada, "It is not shown again.");
    return ada.locator(".made code").innerText();
  };
  token = await made("laptop", "Pull and push");
  const reader = await made("reader", "Pull");
  await go(ada, "/settings/tokens");
  await sees(ada, /laptop[^\n]*repo:write/);
  await misses(ada, token);
  assert.ok(await login("ada", token));
  assert.equal(await push("ada/app", "1.0", ["ada", reader], image("one")), 401);
  assert.equal(await push("ada/app", "1.0", ["ada", token], image("one")), 201);
  assert.equal(await pull("ada/app", "1.0", ["ada", reader]), 200);
  await press(ada, "Revoke: reader");
  await misses(ada, "reader");
  await until("the token is no longer good", async () => !(await login("ada", reader)));
});

test("what was pushed is there, down to its files", async () => {
  await go(ada, "/r/ada/app");
  await sees(ada, `docker pull ${host}/ada/app:1.0`);
  await sees(ada, "linux/amd64");
  await ada.getByRole("link", { name: "1.0", exact: true }).click();
  await sees(ada, "COPY one.txt /srv/");
  await until("the layers are indexed", async () => {
    await go(ada, "/r/ada/app:1.0");
    await ada.getByRole("link", { name: /COPY one.txt/ }).first().click();
    return (await ada.locator('[role="treeitem"]').count()) > 0;
  });
  await sees(ada, "srv", '[role="tree"]');
  await go(bob, "/");
  await sees(bob, "ada/app");
});

test("a robot has a name, a secret and rights of its own", async () => {
  await go(ada, "/settings/robots");
  await sees(ada, "There are no robots.");
  await fill(ada, "New robot", { Name: "two words" });
  await refused(ada, "Invalid robot name");
  await fill(ada, "New robot", { Name: "builder", May: "Pull and push", "Only in these repositories": "ada/app" });
  await sees(ada, "ada+builder");
  const secret = await ada.locator(".made code").last().innerText();
  assert.equal(await push("ada/app", "1.1", ["ada+builder", secret], image("two")), 201);
  assert.equal(await push("ada/other", "1", ["ada+builder", secret], image("two")), 401);
  await go(ada, "/settings/robots");
  await misses(ada, secret);
  await press(ada, "Revoke: ada+builder");
  await sees(ada, "There are no robots.");
  await until("the robot is no longer let in", async () => !(await login("ada+builder", secret)));
});

test("a browser elsewhere is signed out from here", async () => {
  const elsewhere = await someone();
  await signIn(elsewhere, "ada", password);
  assert.equal(await viewer(elsewhere), "ada");
  await go(ada, "/settings/sessions");
  assert.equal(await ada.locator("tbody tr").count(), 2);
  await Promise.all([ada.waitForEvent("domcontentloaded"), ada.locator("tbody tr").filter({ hasNotText: "this browser" }).getByRole("button").click()]);
  assert.equal(await ada.locator("tbody tr").count(), 1);
  await go(elsewhere, "/");
  assert.equal(await viewer(elsewhere), null);
});

test("an organisation has members, teams and rights", async () => {
  await go(ada, "/settings");
  await fill(ada, "New organisation", { "Name of the organisation": "harbour" });
  await sees(ada, "harbour");
  assert.equal(await push("harbour/map", "1", ["ada", token], image("map")), 201);
  await go(ada, "/r/harbour/map/-/settings");
  await fill(ada, "General", { "For everybody else it does not exist.": true });
  assert.equal(await pull("harbour/map", "1", ["bob", "bob has a password"]), 404);

  await go(ada, "/u/harbour/teams");
  const members = ada.locator("section.panel", { has: ada.getByRole("heading", { name: "Members", exact: true }) }).first().locator("form.add-line");
  await fill(ada, members, { "Add a person": "nobody-here" });
  await refused(ada, "nobody-here");
  await fill(ada, members, { "Add a person": "bob" });
  await fill(ada, "New team", { "Name of the team": "pilots" });
  const team = ada.locator("section.panel", { has: ada.getByRole("heading", { name: "pilots" }) });
  await fill(ada, team.locator("form.add-line").first(), { "Add a person": "bob" });
  assert.equal(await pull("harbour/map", "1", ["bob", "bob has a password"]), 404);
  await fill(ada, team.locator("form.add-line").last(), { "Grant a repository": "harbour/map", Right: "Pull" });
  await sees(ada, /harbour\/map\s*Pull/);
  assert.equal(await pull("harbour/map", "1", ["bob", "bob has a password"]), 200);
  assert.equal(await push("harbour/map", "2", ["bob", "bob has a password"], image("mine")), 403);
  await go(bob, "/u/harbour");
  await sees(bob, "harbour/map");
});

test("an organisation has settings and robots, and can be deleted", async () => {
  await go(ada, "/u/harbour/settings");
  await fill(ada, "General", { "Full name": "Harbour Office", Description: "Who comes in", Email: "office@example.org" });
  await go(bob, "/u/harbour");
  await sees(bob, "Harbour Office");
  await sees(bob, "Who comes in");
  await go(bob, "/u/harbour/settings");
  await sees(bob, "404");
  await go(ada, "/u/harbour/robots");
  await fill(ada, "New robot", { Name: "crane", May: "Pull" });
  const secret = await ada.locator(".made code").last().innerText();
  assert.equal(await pull("harbour/map", "1", ["harbour+crane", secret]), 200);
  await go(ada, "/u/harbour/teams");
  await press(ada, "Make owner: bob");
  await go(bob, "/u/harbour/activity");
  await sees(bob, /Token made harbour[\s\S]*robot crane/);
  await misses(bob, "127.0.0.1");
  await go(bob, "/u/harbour");
  await press(bob, "Leave");
  await sees(bob, "You left the organisation.", "body");
  assert.equal(await pull("harbour/map", "1", ["bob", "bob has a password"]), 404);
  await go(ada, "/settings");
  await fill(ada, "New organisation", { "Name of the organisation": "shortlived" });
  await go(ada, "/u/shortlived/settings");
  await fill(ada, "Delete organisation", { "Name of the organisation": "shortlive" });
  await refused(ada, "not the name");
  await fill(ada, "Delete organisation", { "Name of the organisation": "shortlived" });
  await go(ada, "/u/shortlived");
  await sees(ada, "404");
});

test("a collaborator is let in to one repository, and out again", async () => {
  await go(ada, "/r/ada/app/-/settings");
  await fill(ada, "General", { "For everybody else it does not exist.": true });
  await go(bob, "/r/ada/app");
  await sees(bob, "404");
  await go(ada, "/r/ada/app/-/settings");
  await fill(ada, ada.locator("form.add-line"), { "User name": "bob", Right: "Pull and push" });
  await sees(ada, /bob\s*Pull and push/);
  await go(bob, "/r/ada/app");
  await sees(bob, "1.1");
  assert.equal(await push("ada/app", "2.0", ["bob", "bob has a password"], image("three")), 201);
  await press(ada, "Remove bob");
  await go(bob, "/r/ada/app");
  await sees(bob, "404");
  await fill(ada, "General", { "Everybody may find and pull it.": true });
  assert.equal(await pull("ada/app", "2.0"), 200);
});

test("a repository says what it is, in Markdown", async () => {
  await go(ada, "/r/ada/app/-/settings");
  await fill(ada, "General", { Description: "Draws <b>maps</b>", Readme: "# Maps\n\nSee [the manual](docs/manual.md), [use](#use).\n\n## Use\n\n<script>alert(1)</script>" });
  await go(ada, "/r/ada/app");
  await sees(ada, "Draws <b>maps</b>");
  await sees(ada, "<script>alert(1)</script>", ".prose");
  assert.equal(await ada.getByRole("link", { name: "the manual" }).getAttribute("href"), "https://github.com/example/app/blob/HEAD/docs/manual.md");
  await ada.getByRole("link", { name: "use", exact: true }).click();
  assert.ok(await ada.locator(":target").isVisible());
  await go(bob, "/search?q=draws");
  await sees(bob, "ada/app");
});

test("two tags are compared, and what is typed is found", async () => {
  await go(ada, "/r/ada/app/-/compare?from=1.0&to=2.0");
  await until("the layers are indexed", async () => {
    await ada.reload();
    return /srv\/three.txt/.test(await text(ada));
  });
  await sees(ada, /only in 1.0[\s\S]*only in 2.0/);
  await sees(ada, "srv/one.txt");
  await ada.keyboard.press("/");
  await ada.keyboard.type("maps");
  await ada.locator('[role="option"]').first().waitFor();
  await sees(ada, "Draws <b>maps</b>", '[role="option"]');
});

test("without programs forms work, and say what they did", async () => {
  const plain = await someone("en", { javaScriptEnabled: false });
  await signIn(plain, "ada", password, "/settings/tokens");
  await fill(plain, "New token", { Name: "plain", May: "Pull" });
  assert.ok(await login("ada", await plain.locator(".made code").innerText()));
  await go(plain, "/settings/tokens");
  await press(plain, "Revoke: plain");
  await sees(plain, "Saved.", "body");
  await go(plain, "/r/ada/app:2.0");
  await sees(plain, "COPY three.txt /srv/");
});

test("a web hook is told of a push, and its page says how that went", async () => {
  const told = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      told.push({ signature: request.headers["x-naru-signature-256"], body });
      response.writeHead(204).end();
    });
  });
  await new Promise((ready) => receiver.listen(0, "127.0.0.1", ready));
  try {
    const form = ada.locator("form", { has: ada.getByLabel("Address (https://…)") });
    await go(ada, "/r/ada/app/-/settings");
    await fill(ada, form, { "Address (https://…)": "ftp://example.org/hook", "Secret for the signature": "tell me" });
    await refused(ada, "http or https");
    await fill(ada, form, { "Address (https://…)": `http://127.0.0.1:${receiver.address().port}/pushed`, "Secret for the signature": "tell me" });
    await sees(ada, "/pushed");
    assert.equal(await push("ada/app", "2.1", ["ada", token], image("four")), 201);
    await until("the hook was told", () => told.length > 0);
    assert.match(told[0].signature, /^sha256=/);
    assert.equal(JSON.parse(told[0].body).tag ?? "2.1", "2.1");
    await until("the page says so", async () => {
      await go(ada, "/r/ada/app/-/settings");
      return /\b204\b/.test(await text(ada));
    });
    await ada.locator(".deliveries summary").click();
    await press(ada, "Send again");
    await until("the hook was told again", () => told.length > 1);
    assert.equal(told[1].body, told[0].body);
    await press(ada, `Remove http://127.0.0.1:${receiver.address().port}/pushed`);
    await sees(ada, "No webhooks.");
  } finally {
    receiver.close();
  }
});

test("a tag is deleted, and a repository by its name", async () => {
  await go(ada, "/r/ada/app:1.1");
  await press(ada, "Delete tag");
  await sees(ada, "The tag is deleted.");
  assert.equal(await pull("ada/app", "1.1"), 404);
  assert.equal(await push("ada/gone", "1", ["ada", token], image("gone")), 201);
  await go(ada, "/r/ada/gone/-/settings");
  await fill(ada, "Delete repository", { "Name of the repository": "ada/app" });
  await refused(ada, "not the name");
  await fill(ada, "Delete repository", { "Name of the repository": "ada/gone" });
  await sees(ada, "The repository is deleted.");
  assert.equal(await pull("ada/gone", "1", ["ada", token]), 404);
});

test("an administrator disables an account and lets it in again", async () => {
  await go(ada, "/admin");
  await sees(ada, "404");
  await signIn(keeper, admin, adminPassword, "/admin/users");
  await press(keeper, "Disable: bob");
  assert.ok(!(await login("bob", "bob has a password")));
  await go(bob, "/");
  assert.equal(await viewer(bob), null);
  await press(keeper, "Enable: bob");
  assert.ok(await login("bob", "bob has a password"));
  await go(keeper, "/admin/users/bob");
  await press(keeper, "Make administrator");
  await signIn(bob, "bob", "bob has a password", "/admin");
  await sees(bob, "Administration");
  await press(keeper, "Revoke administrator");
  await fill(keeper, "Set password", { "New password": "bob has another" });
  assert.deepEqual([await login("bob", "bob has a password"), await login("bob", "bob has another")], [false, true]);
  await go(keeper, `/admin/users/${admin}`);
  await misses(keeper, "Disable");
});

test("an administrator makes accounts, and says who else may", async () => {
  await go(keeper, "/admin/users");
  await fill(keeper, "New user", { "User name": "ada", Password: "a river at noon" });
  await refused(keeper, "The name ada is taken.");
  await fill(keeper, "New user", { "User name": "pilot", Password: "a river at noon" });
  assert.ok(await login("pilot", "a river at noon"));
  await press(keeper, "Close sign-up");
  await sees(keeper, "Only administrators make accounts.");
  const stranger = await someone();
  await go(stranger, "/sign-up");
  await sees(stranger, "Accounts are made by the administrators");
  await press(keeper, "Open sign-up");
  await go(stranger, "/sign-up");
  await sees(stranger, "Make an account");
  await misses(stranger, "Accounts are made by the administrators");
});

test("a quota is set, seen by its account, and kept to", async () => {
  await go(keeper, "/admin/users/ada");
  await fill(keeper, "Quota", { "Most that its repositories may hold": "much" });
  await refused(keeper, /size|500 MB/);
  await fill(keeper, "Quota", { "Most that its repositories may hold": "100 B" });
  await sees(keeper, "100 B");
  assert.equal(await push("ada/app", "3.0", ["ada", token], image("five")), 403);
  await go(ada, "/settings");
  await sees(ada, /of 100 B/);
  await fill(keeper, "Quota", { "Most that its repositories may hold": "" });
  assert.equal(await push("ada/app", "3.0", ["ada", token], image("five")), 201);
});

test("garbage is collected, and the page follows it to its end", async () => {
  await go(keeper, "/admin");
  await sees(keeper, "Not yet run.");
  await press(keeper, "Collect now");
  await keeper.getByText(/^.*[1-9]\d* removed, .* given back$/).waitFor({ timeout: 40_000 });
  assert.equal(await pull("ada/app", "3.0", ["ada", token]), 200);
});

test("the audit trail tells who did what", async () => {
  await go(keeper, "/admin/audit");
  await sees(keeper, /Collected garbage/i);
  await fill(keeper, keeper.locator("form.filters"), { Account: "ada", Action: "Token made" });
  await sees(keeper, "laptop");
  await misses(keeper, "Signed in", ".events");
  assert.ok((await keeper.locator(".events li").count()) >= 3);
  await go(ada, "/settings/activity");
  await sees(ada, "Password changed");
  await misses(ada, "Collected garbage");
});

test("in Korean, forms say in Korean what is wrong", async () => {
  const hana = await someone("ko");
  const form = () => hana.locator("main form");
  const korean = async () => {
    const said = await text(hana, '[role="alert"]');
    assert.match(said, /[가-힣]/);
    assert.ok(!/[a-z]{3,} [a-z]{2,}/i.test(said), `English in ${hana.url()}: ${said}`);
  };
  await go(hana, "/sign-up");
  for (const [name, secret] of [["admin", "우리 동네 나루터에서"], ["x", "우리 동네 나루터에서"], ["ada", "우리 동네 나루터에서"], ["hana", "가가가가가가가가가가"], ["hana-hana", "hana-hana1"]]) {
    await fill(hana, form(), { "사용자 이름": name, 이메일: "hana@example.org", 비밀번호: secret });
    await korean();
  }
  await fill(hana, form(), { "사용자 이름": "hana", 이메일: "hana@example.org", 비밀번호: "우리 동네 나루터에서" });
  await go(hana, "/new");
  await fill(hana, form(), { "저장소 이름": "ada/mine" });
  await korean();
  await go(hana, "/settings");
  await fill(hana, "조직 만들기", { "조직 이름": "ada" });
  await korean();
  await fill(hana, "조직 만들기", { "조직 이름": "landing" });
  await go(hana, "/u/landing/teams");
  await fill(hana, hana.locator("form.add-line").first(), { "구성원 추가": "nobody-here" });
  await korean();
  await press(hana, "구성원으로 변경: hana");
  await korean();
  await go(hana, "/u/landing/robots");
  await fill(hana, "로봇 만들기", { 이름: "crane", "쓸 수 있는 저장소": "../.." });
  await korean();
  await go(hana, "/new");
  await fill(hana, form(), { "저장소 이름": "hana/app" });
  await go(hana, "/r/hana/app/-/settings");
  await fill(hana, hana.locator("form", { has: hana.getByLabel("주소(https://…)") }), { "주소(https://…)": "ftp://example.org", "서명에 쓸 비밀 값": "비밀" });
  await korean();
});

test("signed out, settings are nobody's", async () => {
  for (const page of [ada, keeper]) {
    await go(page, "/");
    await page.click(".menu summary");
    await press(page, "Sign out");
    await go(page, "/settings");
    assert.match(page.url(), new RegExp(`^${url}/sign-in`));
  }
  await go(keeper, "/admin");
  await sees(keeper, "404");
});
