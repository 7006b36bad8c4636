// Debian's Chromium at the gateway's pages. A Visitor walks; see() is what every page of ours must be: no violation that
// axe finds, wide and narrow, nothing that Chromium complains of, and a picture in build/screenshots for people to look at.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tellSecretFields, tellSecretsIn } from "./browser.mjs";
import { root } from "./lib.mjs";
import { mustStaySecret } from "./logs.mjs";

const program = process.env.MC_CHROMIUM ?? "/usr/bin/chromium";
const pictures = join(root, "build/screenshots");
const packages = join(root, "tests/e2e/node_modules");
const WIDE = { width: 1100, height: 800 };
const NARROW = { width: 320, height: 640 }; // WCAG 2.2, 1.4.10: nothing to scroll sideways for

// Where it is not installed, tests are skipped with a loud line; never in CI, where starting it then fails.
export function chromiumMissing() {
  if (process.env.CI === "true" || (existsSync(program) && existsSync(packages))) return false;
  console.error("\n*** SKIPPED: Chromium or the packages that drive it are not installed (scripts/install test). ***\n");
  return "Chromium is not installed";
}

// { visitor({ language }), stop() }. `base`: the gateway's address.
export async function startChromium(base) {
  const { chromium } = await import("playwright-core");
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  mkdirSync(pictures, { recursive: true });
  // Its own sandbox refuses root. No name but this machine's is found.
  const browser = await chromium.launch({ executablePath: program, headless: true, chromiumSandbox: process.getuid() !== 0,
    args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"] });
  const visitor = async ({ language = "vi" } = {}) => {
    const context = await browser.newContext({ locale: { vi: "vi-VN", en: "en-US" }[language], viewport: WIDE });
    context.setDefaultTimeout(30_000);
    return new Visitor(context, await context.newPage(), { base, axe, language });
  };
  return { visitor, stop: () => browser.close() };
}

// One person with cookies of their own. `page` is Playwright's.
class Visitor {
  complaints = []; // of Chromium, since the last see()
  status = 0; // of the page that is shown

  constructor(context, page, { base, axe, language }) {
    Object.assign(this, { context, page, base, axe, language });
    context.on("console", (said) => {
      // What was not answered well is told below, with its status.
      if (!["error", "warning"].includes(said.type()) || said.text().startsWith("Failed to load resource")) return;
      this.complaints.push(`console: ${said.text()}`);
    });
    context.on("weberror", (error) => this.complaints.push(`script: ${error.error()}`));
    context.on("requestfailed", (request) => {
      // Chromium gives up the icon of a page that is left at once.
      if (request.url().endsWith("/icon.svg") && request.failure().errorText === "net::ERR_ABORTED") return;
      this.complaints.push(`${request.url()}: ${request.failure().errorText}`);
    });
    context.on("request", (request) => tellSecretsIn(request.url()));
    context.on("response", (answer) => {
      if (answer.request().isNavigationRequest()) this.status = answer.status();
      else if (answer.status() >= 400) this.complaints.push(`${answer.url()}: ${answer.status()}`);
    });
  }

  // A path of ours, or an address.
  open(to) {
    return this.page.goto(new URL(to, this.base).href);
  }

  // Of a link or button by what it says; waits for the page that it leads to.
  async press(role, name) {
    await this.page.getByRole(role, { name, exact: true }).click();
    await this.page.waitForLoadState();
  }

  // Fills the provider's page, which must be shown.
  async confirm({ login, password }) {
    await this.page.fill("#login", login);
    await this.page.fill("#password", password);
    await this.press("button", "Đăng nhập");
  }

  // From our page of choices to the provider named `title` and back.
  async signIn(account, title) {
    await this.open("/sign-in");
    await this.page.getByRole("link", { name: title }).click();
    await this.confirm(account);
  }

  // Tab until what has the focus is named `name`; every stop on the way must be seen to have it. Says what the stops were.
  async tabTo(name) {
    const stops = [];
    for (let i = 0; i < 20; i++) {
      await this.page.keyboard.press("Tab");
      const at = await this.page.evaluate(() => {
        const { activeElement: focused } = document;
        const { outlineStyle, outlineWidth } = getComputedStyle(focused);
        const { width, height, left, top } = focused.getBoundingClientRect();
        const inside = left >= 0 && top >= 0 && width > 0 && height > 0;
        return { name: focused.ariaLabel ?? focused.textContent.trim(), seen: inside && outlineStyle !== "none" && outlineWidth !== "0px" };
      });
      stops.push(at.name);
      assert.ok(at.seen, `the focus is not seen on "${at.name}"`);
      if (at.name === name) return stops;
    }
    throw new Error(`the keyboard does not reach "${name}": ${stops.join(", ")}`);
  }

  // The page that is shown is one of ours, of that status, in the visitor's language, and good. `name`: of its pictures.
  async see(name, { status = 200 } = {}) {
    const { page } = this;
    assert.equal(new URL(page.url()).origin, this.base);
    mustStaySecret("cookie", ...(await this.context.cookies()).map((cookie) => cookie.value));
    tellSecretFields(...(await page.locator("input[type=hidden]").evaluateAll((all) => all.map((field) => field.value))));
    assert.deepEqual([name, ...this.complaints], [name]);
    assert.equal(`${name} ${this.status}`, `${name} ${status}`);
    assert.equal(await page.getAttribute("html", "lang"), this.language, `${name}: lang`);
    assert.equal(await page.locator("h1").count(), 1, name);
    assert.equal(await page.locator("script, style, [style]").count(), 0, `${name}: script or style of its own`);
    await page.evaluate(this.axe); // by the debugger, so the page's policy stands as it is
    for (const [width, size] of [["narrow", NARROW], ["wide", WIDE]]) {
      await page.setViewportSize(size);
      await page.screenshot({ path: join(pictures, `${name}-${this.language}-${width}.png`), fullPage: true });
      const reach = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(reach <= size.width, `${name}, ${width}: reaches to ${reach} of ${size.width} px`);
      const violations = await page.evaluate(async () =>
        (await axe.run(document, { resultTypes: ["violations"] })).violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((n) => n.html) })));
      assert.deepEqual([name, width, ...violations], [name, width]);
    }
    assert.deepEqual([name, ...this.complaints], [name]);
  }
}
