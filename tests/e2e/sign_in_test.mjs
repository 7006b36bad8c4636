// Goal: an official signs in, steps up and signs out at either side, across key changes and a restart; nobody else gets in,
// and no secret or personal number is in any log.
// Method: the sandbox's providers and the real gateway, by a browser made of fetch; every log and the ledger read at the end.
import assert from "node:assert/strict";
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Browser } from "./browser.mjs";
import { edit, freePort, must, query, run, startCity, startServer } from "./lib.mjs";

const SESSION = "__Host-minhchung";
let city, server, base, official, logs = "";
const secrets = new Set(); // everything that must not be in a log

before(async () => {
  base = `http://localhost:${await freePort()}`;
  city = await startCity({ officials: 48, months: 1, signIn: base });
  must(city.config, "import", "directory", join(city.dir, "directory.json"));
  official = city.city.sign_in.accounts.member;
  for (const { clients } of Object.values(city.city.sign_in.providers)) for (const { secret } of Object.values(clients)) secrets.add(secret);
  for (const line of city.city.sign_in.providers.vneid.private_key.split("\n").slice(1, -2)) secrets.add(line);
  server = await startServer(city.config);
});
after(async () => {
  logs += await server.end();
  city.stop();
});

class Person extends Browser {
  async go(url, init) {
    const answer = await super.go(url, init);
    for (const [name, value] of this.cookies) if (name.startsWith("__Host-") && value.length > 8) secrets.add(value);
    const to = new URL(answer.headers.get("location") ?? "", url);
    for (const name of ["code", "state", "nonce", "id_token_hint", "code_challenge"]) {
      if (to.searchParams.get(name)?.length > 15) secrets.add(to.searchParams.get(name));
    }
    return answer;
  }
  get session() { return this.cookies.get(SESSION); }
  async signIn({ account = official, provider = "oidc", to = "/" } = {}) {
    const login = await this.open(`${base}/sign-in/${provider}?to=${encodeURIComponent(to)}`);
    assert.match(login.text, /name="password"/, `the provider's page: ${login.url}`);
    return this.submit(login, { login: account.login, password: account.password });
  }
  async me() {
    const answer = await this.go(`${base}/api/v1/me`, { headers: { Accept: "application/json" } });
    return answer.status === 200 ? answer.json() : answer.status;
  }
}

test("a complete sign-in: from a page to the provider, back to that page, and a session", async () => {
  const person = new Person();
  const choice = await person.open(`${base}/`);
  assert.equal(choice.status, 200);
  assert.match(choice.url, /\/sign-in$/);
  assert.match(choice.text, /<html lang="vi">/);
  assert.equal([...choice.text.matchAll(/class="button"/g)].length, 3);
  assert.match((await person.open(`${base}/sign-in?lang=en`)).text, /<html lang="en">[\s\S]*Sign in with/);
  const home = await person.signIn();
  assert.equal(home.status, 200);
  assert.equal(home.url, `${base}/`);
  assert.match(home.text, new RegExp(official.name));
  assert.match(home.headers.get("content-security-policy"), /default-src 'none'.*form-action 'self' http:\/\/localhost:\d+;/);
  assert.equal(home.headers.get("cache-control"), "no-store");
  assert.doesNotMatch(home.text, /<script|style=/);
  const me = await person.me();
  assert.equal(me.person.name, official.name);
  assert.equal(me.provider, "oidc");
  assert.equal(me.sessions.length, 1);
  assert.match(me.posts[0].role, /member/);
  assert.deepEqual([...person.cookies.keys()].filter((n) => n.startsWith(SESSION)).sort(), [SESSION, `${SESSION}-lang`]);
  assert.equal((await new Person().signIn({ to: "/?a=1" })).url, `${base}/?a=1`);
  assert.equal((await new Person().signIn({ to: "//evil.example/" })).url, `${base}/`);
});

test("without a session: a page leads to the sign-in, a program hears 401, a write 403, and nothing of the page is there", async () => {
  const nobody = new Person();
  for (const cookie of ["", `${SESSION}=${"A".repeat(43)}`, `${SESSION}=x; ${SESSION}=y`]) {
    const page = await fetch(base, { redirect: "manual", headers: { Accept: "text/html", ...(cookie && { Cookie: cookie }) } });
    assert.equal(page.status, 303);
    assert.equal(page.headers.get("location"), "/sign-in");
    assert.equal(await page.text(), "");
    const api = await fetch(`${base}/api/v1/me`, { redirect: "manual", headers: cookie ? { Cookie: cookie } : {} });
    assert.equal(api.status, 401);
    assert.match(api.headers.get("content-type"), /problem\+json/);
  }
  const asked = await fetch(base, { redirect: "manual", headers: { "X-Requested-With": "XMLHttpRequest" } });
  assert.equal(asked.status, 401);
  for (const path of ["/sign-out", "/sessions/end"]) {
    assert.equal((await nobody.open(`${base}${path}`, { method: "POST", body: new URLSearchParams({ csrf: "x" }) })).status, 403);
  }
  assert.equal((await nobody.open(`${base}/step-up?to=/`)).url, `${base}/sign-in`);
});

test("step-up: the person shows anew who they are; a new session, and the old one is dead", async () => {
  const person = new Person();
  await person.signIn();
  const old = person.session;
  const before = await person.me();
  assert.equal(before.level, "LoA1");
  const login = await person.open(`${base}/step-up?to=/?done`);
  assert.match(login.text, /name="password"/);
  const back = await person.submit(login, { login: official.login, password: official.password });
  assert.equal(back.url, `${base}/?done`);
  assert.notEqual(person.session, old);
  const me = await person.me();
  assert.equal(me.level, "LoA2");
  assert.equal(me.sessions.length, before.sessions.length);
  const replayed = await fetch(`${base}/api/v1/me`, { headers: { Cookie: `${SESSION}=${old}` } });
  assert.equal(replayed.status, 401);
  // Somebody else shows who they are: no session of theirs comes of it.
  const other = city.city.sign_in.accounts.head;
  for (const name of person.cookies.keys()) if (!name.startsWith("__Host-")) person.cookies.delete(name); // the provider's
  const again = await person.open(`${base}/step-up?to=/`);
  const refused = await person.submit(again, { login: other.login, password: other.password });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /other_person/);
  assert.equal((await person.me()).person.name, official.name);
});

test("a step-up that comes back with the old sign-in alone is refused", async () => {
  const person = new Person();
  await person.signIn();
  const login = await person.open(`${base}/step-up?to=/`);
  assert.match(login.text, /name="password"/); // max_age=0: the provider's own session is not enough
});

test("a step-up whose request lost what asks anew on its way, seconds after the last one, is refused", async () => {
  const person = new Person();
  await person.signIn();
  const shown = await person.submit(await person.open(`${base}/step-up?to=/`), { login: official.login, password: official.password });
  assert.equal(shown.status, 200);
  const { session } = person;
  const asked = new URL((await person.go(`${base}/step-up?to=/`)).headers.get("location"));
  asked.searchParams.delete("prompt"); // by whoever sits at the browser
  asked.searchParams.set("max_age", "100000");
  const refused = await person.open(asked.href);
  assert.equal(refused.status, 400, refused.text);
  assert.match(refused.text, /<code>invalid<\/code>/);
  assert.equal(person.session, session);
});

test("sign-out at our side: here at once, then at the provider, and back with our state alone", async () => {
  const person = new Person();
  const home = await person.signIn();
  const session = person.session;
  const ask = await person.submit(home, {}, "/sign-out");
  assert.match(ask.text, /op\.logoutForm/); // the provider asks
  assert.equal(person.session, undefined);
  assert.equal((await fetch(`${base}/api/v1/me`, { headers: { Cookie: `${SESSION}=${session}` } })).status, 401);
  const states = new Person();
  for (const query of ["", "?state=other", "?state=a&state=b"]) {
    states.cookies = new Map(person.cookies);
    assert.equal((await states.open(`${base}/sign-out/done${query}`)).status, 400, query);
  }
  const done = await person.submit(ask, { logout: "yes" });
  assert.equal(done.status, 200);
  assert.match(done.url, /\/sign-out\/done\?state=/);
  assert.match(done.text, /đã đăng xuất/);
  assert.equal((await person.open(done.url)).status, 400); // once
  const login = await person.open(`${base}/sign-in/oidc`);
  assert.match(login.text, /name="password"/); // it does not know the person any more
});

test("sign-out at the provider's side ends the sessions that began there; a forged order is 400", async () => {
  const [one, two] = [new Person(), new Person()];
  await one.signIn();
  await two.signIn();
  const { address } = city.city.sign_in.providers.oidc;
  const ask = await one.open(`${address}/session/end`);
  const done = await one.submit(ask, { logout: "yes" });
  assert.match(done.text, /đăng xuất/);
  for (let i = 0; i < 50 && (await one.me()) !== 401; i++) await new Promise((r) => setTimeout(r, 100));
  assert.equal(await one.me(), 401);
  assert.equal((await two.me()).person.name, official.name);
  for (const [method, body] of [["GET"], ["POST", "logout_token=a.b.c"], ["POST", ""], ["POST", "logout_token=a.b.c&logout_token=a.b.c"]]) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(`${base}/sign-in/oidc/backchannel-logout`, { method, body, headers: method === "POST" ? headers : {} });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  assert.equal((await two.me()).person.name, official.name);
});

test("the provider changes its keys inside a sign-in: a new name, then the same name", async () => {
  for (const kid of ["new", "same"]) {
    const person = new Person();
    await person.signIn(); // our keys are those of now
    const { address } = city.city.sign_in.providers.oidc;
    const anew = new Person();
    const login = await anew.open(`${base}/sign-in/oidc`);
    assert.equal((await fetch(`${address}/control/rotate`, { method: "POST", body: JSON.stringify({ kid }) })).status, 200);
    await new Promise((r) => setTimeout(r, 10_100)); // one fetch of keys in ten seconds
    const home = await anew.submit(login, { login: official.login, password: official.password });
    assert.equal(home.url, `${base}/`, home.text);
  }
});

test("a restart of the gateway keeps the session", async () => {
  const person = new Person();
  await person.signIn();
  logs += await server.end();
  server = await startServer(city.config);
  assert.equal((await person.me()).person.name, official.name);
});

test("somebody who is not in the directory is told whom to ask, and has no session", async () => {
  const stranger = new Person();
  const page = await stranger.signIn({ account: city.city.sign_in.accounts.unknown });
  assert.equal(page.status, 403);
  assert.match(page.text, /Phòng Nội vụ của thành phố mô phỏng/);
  assert.equal(stranger.session, undefined);
  assert.equal(await stranger.me(), 401);
});

test("an answer with another state, of another browser or twice is refused, and no session comes of it", async () => {
  const person = new Person();
  const login = await person.open(`${base}/sign-in/oidc`);
  let callback;
  const go = person.go.bind(person);
  person.go = async (url, init) => {
    if (url.includes("/callback?")) callback = url;
    return go(url, init);
  };
  const thief = new Person();
  thief.cookies = new Map([...person.cookies].filter(([name]) => !name.startsWith("__Host-")));
  await person.submit(login, { login: official.login, password: official.password });
  assert.ok(person.session);
  const changed = new URL(callback);
  changed.searchParams.set("state", `${changed.searchParams.get("state")}x`);
  for (const [who, url] of [[new Person(), callback], [person, callback], [thief, changed.href]]) {
    const session = who.session;
    const refused = await who.open(url);
    assert.equal(refused.status, 400);
    assert.match(refused.text, /<code>again<\/code>/);
    assert.equal(who.session, session);
  }
});

test("several windows of one browser sign in side by side", async () => {
  const person = new Person();
  const first = await person.open(`${base}/sign-in/oidc`);
  const second = await person.open(`${base}/sign-in/oidc`);
  assert.equal((await person.submit(first, { login: official.login, password: official.password })).url, `${base}/`);
  assert.equal((await person.open(`${base}/sign-in/oidc`)).status, 200);
  assert.ok(second.text);
});

test("a write without our token or from elsewhere is refused", async () => {
  const person = new Person();
  const home = await person.signIn();
  const { csrf } = await person.me();
  secrets.add(csrf);
  const post = (body, headers) => person.go(`${base}/sign-out`, { method: "POST", body: new URLSearchParams(body), headers });
  for (const [body, headers] of [
    [{}, { Origin: base }], [{ csrf: `${csrf}x` }, { Origin: base }], [{ csrf }, {}], [{ csrf }, { Origin: "null" }],
    [{ csrf }, { Origin: "https://evil.example" }], [{ csrf }, { Origin: `${base}/` }],
  ]) {
    assert.equal((await post(body, headers)).status, 403);
  }
  assert.equal((await person.me()).person.name, official.name);
  // Another window of the same person is ended from the list.
  const other = new Person();
  await other.signIn();
  const list = await person.open(`${base}/`);
  const form = /<form[^>]*sessions\/end[\s\S]*?<\/form>/.exec(list.text);
  assert.ok(form && home.text);
  const [ended] = (await person.me()).sessions.filter((s) => !s.current).slice(-1);
  await person.submit(list, { session: ended.session }, "/sessions/end");
  assert.equal(await other.me(), 401);
});

test("VNConnect's way: its claims, its issuer, its level", async () => {
  const person = new Person();
  const home = await person.signIn({ provider: "vnconnect" });
  assert.equal(home.url, `${base}/`, home.text);
  assert.equal((await person.me()).level, "LoA1");
});

// As it goes over the wire: what a form's reader takes for blanks is part of it.
const rawCode = (person) => /[?&]code=([^&]*)/.exec(person.trail.map(([, url]) => url).find((url) => url.includes("/callback?")))[1];

test("VNeID's own exchange: a plain code, a sealed one, its level", async () => {
  for (let i = 0; i < 2; i++) { // the sandbox seals every second code
    const person = new Person();
    const home = await person.signIn({ provider: "vneid", to: "/?a=1" });
    assert.equal(home.url, `${base}/?a=1`, home.text);
    secrets.add(rawCode(person));
    const me = await person.me();
    assert.equal(me.person.name, official.name);
    assert.equal(me.provider, "vneid");
    assert.equal(me.level, "2");
    assert.equal(me.auth_time, null);
    const done = await person.submit(await person.open(base), {}, "/sign-out"); // it has no logout of its own
    assert.match(done.text, /đã đăng xuất/);
    assert.equal(await person.me(), 401);
  }
});

test("VNeID: a stranger, an account of too low a level and a cancelled answer come to nothing", async () => {
  const stranger = new Person();
  const page = await stranger.signIn({ provider: "vneid", account: city.city.sign_in.accounts.unknown });
  assert.equal(page.status, 403);
  assert.match(page.text, /Phòng Nội vụ của thành phố mô phỏng/);
  const low = new Person();
  const refused = await low.signIn({ provider: "vneid", account: city.city.sign_in.accounts.low });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /<code>level<\/code>/);
  const cancelled = new Person();
  const login = await cancelled.open(`${base}/sign-in/vneid`);
  const state = /name="state" value="([^"]*)"/.exec(login.text)[1];
  const answer = await cancelled.open(`${base}/sign-in/vneid/callback?error=access_denied&state=${state}`);
  assert.match(answer.text, /<code>denied<\/code>/);
  for (const who of [stranger, low, cancelled]) assert.equal(await who.me(), 401);
});

test("VNeID: an answer that was changed on its way, or comes twice, is refused", async () => {
  for (const change of [(url) => `${url.replace(/&encrypt_key=[^&]*/, "")}&encrypt_key=AAAA`, (url) => `${url}&code=other`, (url) => url.replace(/state=.../, "state=AAA")]) {
    const person = new Person();
    const go = person.go.bind(person);
    person.go = (url, init) => go(url.includes("/callback?") ? change(url) : url, init);
    assert.equal((await person.signIn({ provider: "vneid" })).status, 400);
    assert.equal(await person.me(), 401);
  }
  const person = new Person();
  await person.signIn({ provider: "vneid" });
  const again = await person.open(person.trail.map(([, url]) => url).find((url) => url.includes("/callback?")));
  assert.match(again.text, /<code>again<\/code>/);
  assert.equal((await person.me()).person.name, official.name);
});

test("VNeID cannot show anew who somebody is: a page offers who can, and a step-up there is of the same person alone", async () => {
  const person = new Person();
  await person.signIn({ provider: "vneid" });
  const old = person.session;
  const page = await person.open(`${base}/step-up?to=/?done`);
  assert.equal(page.status, 200);
  assert.match(page.text, /VNeID \(thử\)<\/span> không xác nhận lại được/);
  const choices = [...page.text.matchAll(/class="button" href="([^"]*)"/g)].map(([, to]) => to.replaceAll("&amp;", "&"));
  assert.deepEqual(choices, ["/step-up?with=oidc&to=%2F%3Fdone", "/step-up?with=vnconnect&to=%2F%3Fdone"]);
  assert.match((await person.open(`${base}/step-up?with=vneid`)).text, /không xác nhận lại được/);
  assert.equal((await person.open(`${base}/step-up?with=other`)).status, 404);
  const other = city.city.sign_in.accounts.head;
  const refused = await person.submit(await person.open(base + choices[0]), { login: other.login, password: other.password });
  assert.match(refused.text, /<code>other_person<\/code>/);
  assert.equal(person.session, old);
  for (const name of person.cookies.keys()) if (!name.startsWith("__Host-")) person.cookies.delete(name); // the provider's
  const login = await person.open(base + choices[0]);
  assert.equal((await person.submit(login, { login: official.login, password: official.password })).url, `${base}/?done`);
  assert.notEqual(person.session, old);
  const me = await person.me();
  assert.equal(me.provider, "oidc");
  assert.equal(me.level, "LoA2");
  assert.equal((await fetch(`${base}/api/v1/me`, { headers: { Cookie: `${SESSION}=${old}` } })).status, 401);
});

const providerFinding = (config) => JSON.parse(run(config, "--json", "doctor").stdout).findings
  .find((f) => f.check === "provider" && f.subject === "vneid");

test("VNeID with another key than the provider seals for: refused clearly; doctor names each key that is none", async () => {
  const { private_key: right } = JSON.parse(readFileSync(city.config, "utf8").replace(/^\/\/.*$/gm, "")).sign_in.providers.vneid;
  const fits = providerFinding(city.config);
  assert.equal(fits.state, "ok", JSON.stringify(fits));
  const half = createPublicKey(city.city.sign_in.providers.vneid.private_key).export({ type: "spki", format: "der" });
  assert.ok(fits.detail.endsWith(`SHA-256 ${createHash("sha256").update(half).digest("hex")}`), fits.detail);
  const rsa = (modulusLength) => generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ type: "pkcs8", format: "pem" });
  const good = rsa(2048);
  const files = { other: good, small: rsa(1024), "not a key": "x",
    "of another kind": generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }),
    damaged: good.replace(/^([^\n]*\n[^\n]*\n.{20})(.)/s, (_, a, b) => a + (b === "A" ? "B" : "A")) };
  const use = (name) => {
    const file = join(city.dir, `keys/${name}.pem`);
    if (files[name]) writeFileSync(file, files[name], { mode: 0o600 });
    edit(city.config, ({ sign_in }) => {
      if (name === "absent") delete sign_in.providers.vneid.private_key;
      else sign_in.providers.vneid.private_key = name === "right" ? right : `file:${file}`;
    });
  };
  for (const [name, said] of [["absent", /private_key is missing/], ["unreadable", /cannot read the secret file .*unreadable\.pem/],
    ["small", /must be an RSA key of 2048 to 4096 bits/], ["of another kind", /must be an RSA key/], ["not a key", /must be an RSA key/],
    ["damaged", /must be an RSA key/]]) {
    use(name);
    const finding = providerFinding(city.config);
    assert.equal(finding.state, "fault", name);
    assert.match(finding.detail, said, name);
    const refused = run(city.config, "serve");
    assert.match(refused.stderr, said, name);
    assert.equal(refused.code, 2, name);
  }
  use("other");
  chmodSync(join(city.dir, "keys/other.pem"), 0o644);
  const readable = JSON.parse(run(city.config, "--json", "doctor").stdout).findings.find((f) => f.subject === "sign_in/vneid/private_key");
  assert.equal(readable.state, "fault", JSON.stringify(readable));
  chmodSync(join(city.dir, "keys/other.pem"), 0o600);
  edit(city.config, ({ sign_in }) => { sign_in.providers.oidc.private_key = right; });
  assert.match(JSON.parse(run(city.config, "--json", "doctor").stdout).findings.find((f) => f.subject === "oidc").detail, /of no use to this profile/);
  edit(city.config, ({ sign_in }) => { delete sign_in.providers.oidc.private_key; });
  use("other");
  const differs = providerFinding(city.config);
  assert.equal(differs.state, "ok"); // a good key; that it is another one, people see from its digest
  assert.notEqual(differs.detail, fits.detail);
  logs += await server.end();
  server = await startServer(city.config);
  for (let i = 0; i < 2; i++) {
    const person = new Person();
    const page = await person.signIn({ provider: "vneid" });
    assert.equal(page.status, 400);
    assert.match(page.text, /<code>invalid<\/code>/);
    assert.equal(await person.me(), 401);
  }
  use("right");
  logs += await server.end();
  server = await startServer(city.config);
  assert.equal((await new Person().signIn({ provider: "vneid" })).status, 200);
});

test("the audit is in the ledger, without anybody in it, and the logs hold no secret and no number", async () => {
  logs += await server.end();
  const text = must(city.config, "log", "access", "--json");
  const { access } = JSON.parse(text);
  const sum = (event, reason = "", provider = undefined) => access.flatMap((a) => a.rows)
    .filter((r) => r.event === event && r.reason === reason && (provider ?? r.provider) === r.provider)
    .reduce((n, r) => n + r.count, 0);
  assert.ok(sum("signed_in") >= 12);
  assert.equal(sum("stepped_up"), 3);
  assert.equal(sum("signed_out"), 3);
  assert.equal(sum("session_revoked"), 1);
  assert.equal(sum("logout_ordered") >= 1, true);
  assert.equal(sum("logout_refused", "jwt_malformed"), 1);
  assert.equal(sum("sign_in_refused", "person_unknown", "oidc"), 1);
  assert.equal(sum("sign_in_refused", "state_unknown", "oidc"), 3);
  assert.equal(sum("sign_in_refused", "person_differs"), 2);
  assert.equal(sum("sign_in_refused", "claim_auth_time", "oidc"), 1);
  // One line for each refusal of VNeID's: a damaged code and one under the wrong key are the same to whoever looks on.
  const refusals = access.flatMap((a) => a.rows).filter((r) => r.event === "sign_in_refused" && r.provider === "vneid");
  const counts = {};
  for (const { reason, count } of refusals) counts[reason] = (counts[reason] ?? 0) + count;
  assert.deepEqual(counts, { callback_duplicate: 1, callback_malformed: 2, claim_acr: 1, person_unknown: 1, provider_error: 1,
    state_unknown: 2, token_not_opened: 1 });
  assert.equal(sum("request_refused", "csrf"), 2);
  assert.equal(sum("request_refused", "origin"), 4);
  assert.equal(sum("serve_started"), sum("serve_stopped"));
  must(city.config, "fsck");
  // What it was about: every number and secret that was used, in no log, no leaf's object and no row of the audit.
  const numbers = JSON.parse(readFileSync(join(city.dir, "directory.json"), "utf8")).people.map((p) => p.national_id).filter(Boolean);
  const everything = logs + text + query(city.dir, "SELECT object FROM access_counts");
  assert.ok(secrets.size > 40 && numbers.length > 10);
  for (const secret of [...secrets, ...numbers, "001099999999", official.name]) {
    assert.ok(!everything.includes(secret), `a log holds ${secret.slice(0, 4)}…`);
  }
  assert.match(logs, /relaxation .*plain_loopback/);
  server = await startServer(city.config);
});
