// Goal: in a real browser an official opens "my score and why" from a line down to the bytes of the record, sees who
// looked, and signs out; a head sees the unit and not the neighbour's; every page is accessible in both languages.
// Method: Debian's Chromium against a small scored city, or against the one of MC_RUNNING_CITY, that scripts/run keeps
// in that folder; axe on every page; pictures for people.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromiumMissing, startChromium } from "./chromium.mjs";
import { edit, readCity, startScoredCity, startServer } from "./lib.mjs";

const TITLE = "Nhà cung cấp thử OpenID Connect";
const PERIOD = "2026-06";
const skip = chromiumMissing();
let city, server, base, browser, accounts, directory;

before(async () => {
  if (skip) return;
  if (process.env.MC_RUNNING_CITY) {
    ({ base, directory, accounts } = readCity(process.env.MC_RUNNING_CITY));
  } else {
    ({ city, base, directory, accounts } = await startScoredCity());
    edit(city.config, (settings) => (settings.sources = {})); // nothing more to pull
    server = await startServer(city.config);
  }
  browser = await startChromium(base);
});
after(async () => {
  await browser?.stop();
  await server?.end();
  city?.stop();
});

// The first link of a table's rows.
const firstRow = (visitor) => visitor.page.locator("tbody th a").first();

for (const [language, says] of Object.entries({
  vi: { month: "Tháng 6/2026", score: "Điểm của tôi và vì sao", looked: "Ai đã xem hồ sơ của tôi", match: "khớp", out: "Đăng xuất", start: "Về trang đầu", other: "English", back: "Tiếng Việt", none: "Chưa ai xem." },
  en: { month: "June 2026", score: "My score and why", looked: "Who looked at my file", match: "equal", out: "Sign out", start: "To the first page", other: "Tiếng Việt", back: "English", none: "Nobody has looked." },
})) {
  test(`an official opens a line down to its raw bytes, sees who looked, signs out, in ${language}`, { skip }, async () => {
    const visitor = await browser.visitor({ language });
    await visitor.signIn(accounts.member, TITLE);
    await visitor.see("start");
    await visitor.press("link", says.score);
    await visitor.see("sheet");
    assert.equal(await visitor.page.locator("h1").textContent(), says.score);
    assert.equal(await visitor.page.locator("nav [aria-current=page]").textContent(), says.month);
    assert.doesNotMatch(await visitor.page.locator("main").textContent(), /\bp\d{5}\b/, "somebody is named by an id");
    assert.match(await visitor.page.locator("dl.result strong").textContent(), /^\d+[.,]\d\d$/);
    const key = await firstRow(visitor).textContent();
    await firstRow(visitor).click();
    await visitor.see("item");
    assert.equal(await visitor.page.locator("dd code").first().textContent(), key);
    await visitor.page.locator("tbody td a").first().click();
    await visitor.see("record");
    assert.equal(await visitor.page.locator("dd strong").textContent(), says.match);
    assert.ok((await visitor.page.locator("pre").textContent()).length > 100);
    await visitor.open("/");
    await visitor.press("link", says.looked);
    await visitor.see("looks");
    assert.ok((await visitor.page.locator("main").textContent()).includes(says.none));
    await visitor.open(`/people/${accounts.head.login}/sheets/${PERIOD}`);
    await visitor.see("forbidden", { status: 403 });
    await visitor.press("link", says.other);
    assert.equal(await visitor.page.getAttribute("html", "lang"), language === "vi" ? "en" : "vi");
    await visitor.press("link", says.back);
    await visitor.press("link", says.start);
    await visitor.press("button", says.out);
    await visitor.open(`/people/${accounts.member.login}/sheets/${PERIOD}`);
    assert.match(visitor.page.url(), /\/sign-in\?to=/);
  });
}

test("a head sees the unit and a person of it, not the neighbour's; that person sees that the head looked", { skip }, async () => {
  const own = directory.memberships.find((m) => m.person === accounts.head.login).unit;
  const parent = new Map(directory.units.map((u) => [u.id, u.parent]));
  const below = (unit) => unit === own || (parent.get(unit) ? below(parent.get(unit)) : false);
  const other = directory.memberships.find((m) => !below(m.unit)).unit;
  const head = await browser.visitor();
  await head.signIn(accounts.head, TITLE);
  await head.page.getByRole("link", { name: /^Đơn vị:/ }).click();
  await head.see("unit");
  assert.equal(new URL(head.page.url()).pathname, `/units/${own}`);
  const numbered = directory.people.filter((p) => p.national_id).map((p) => p.id);
  const links = await head.page.locator("tbody th a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  const person = links.map((l) => l.split("/")[2]).find((id) => id !== accounts.head.login && numbered.includes(id));
  await head.open(`/people/${person}/sheets/${PERIOD}`);
  await head.see("sheet-of-another");
  await head.open(`/units/${other}`);
  await head.see("unit-forbidden", { status: 403 });
  const looked = await browser.visitor();
  await looked.signIn({ login: person, password: accounts.member.password }, TITLE);
  await looked.press("link", "Ai đã xem hồ sơ của tôi");
  await looked.see("looks-of-a-head");
  assert.ok((await looked.page.locator("tbody").textContent()).includes(accounts.head.name));
});

test("the whole way by the keyboard alone", { skip }, async () => {
  const visitor = await browser.visitor();
  await visitor.signIn(accounts.member, TITLE);
  await visitor.tabTo("Điểm của tôi và vì sao");
  await visitor.page.keyboard.press("Enter");
  await visitor.page.waitForURL(/\/sheets\//);
  await visitor.tabTo(await firstRow(visitor).textContent());
  await visitor.page.keyboard.press("Enter");
  await visitor.page.waitForURL(/\/items\//);
  await visitor.tabTo(await visitor.page.locator("tbody td a").first().textContent());
  await visitor.page.keyboard.press("Enter");
  await visitor.page.waitForURL(/\/records\//);
});
