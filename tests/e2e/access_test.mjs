// Goal: through the real gateway nobody reaches a row that is not theirs, every answer is what docs/openapi.yaml says, and
// whoever looks at somebody's file is seen by that person.
// Method: a small city scored and served; one account of each role walks every path of the description, with every
// method; bodies are held against its schemas by ajv. Who may what for each relation is tests/gateway/access_table_test.cc.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

import { Browser } from "./browser.mjs";
import { askToken, clientOf, must, pushedInstallation, query, root, startScoredCity, startServer, tokenOf } from "./lib.mjs";

const PERIOD = "2026-06";
const api = parse(readFileSync(join(root, "docs/openapi.yaml"), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ ...api, $id: "openapi" });

let city, server, base, accounts, directory;
const people = {}; // role -> a browser of theirs

before(async () => {
  ({ city, base, directory, accounts } = await startScoredCity());
  server = await startServer(city.config);
  for (const role of ["member", "head", "deputy", "approver", "catalogue_keeper", "policy_keeper", "operator", "auditor"]) {
    people[role] = await signedIn(accounts[role].login);
  }
});
after(async () => {
  await server?.end();
  city?.stop();
});

async function signedIn(login) {
  const browser = new Browser();
  const form = await browser.open(`${base}/sign-in/oidc?to=/`);
  const home = await browser.submit(form, { login, password: accounts.member.password });
  assert.equal(home.url, `${base}/`, home.text);
  browser.home = home.text;
  return browser;
}

const get = (browser, path, headers = {}) => browser.go(`${base}${path}`, { headers: { Accept: "application/json", ...headers } });
const statusOf = async (browser, path) => (await get(browser, path)).status;

// A person with work on their sheet, an item that they lead and its first record.
async function somebodyWithWork() {
  const numbered = new Set(directory.people.filter((p) => p.national_id).map((p) => p.id)); // these can sign in
  const planted = new Set(Object.values(accounts).map((a) => a.login));
  for (const { person } of directory.memberships.filter((m) => numbered.has(m.person) && !planted.has(m.person))) {
    const answer = await get(people.auditor, `/api/v1/people/${person}/sheets/${PERIOD}/explanation`);
    if (answer.status !== 200) continue;
    const sheet = await answer.json();
    const item = Object.values(sheet.items).find((i) => i.lead.person === person && i.evidence.length > 0);
    if (item && sheet.sheet.lines.length > 0) return { person, unit: sheet.unit, item: item.ref, record: item.evidence[0].record };
  }
  throw new Error("nobody has work");
}

const filled = (path, row) => path.replace("{person}", row.person).replace("{period}", PERIOD).replace("{item}", row.item)
  .replace("{record}", row.record).replace("{unit}", row.unit);

function schemaOf(operation, status) {
  const ref = operation.responses[status]?.$ref;
  const answer = ref ? api.components.responses[ref.split("/").at(-1)] : operation.responses[status];
  return answer?.content ? Object.entries(answer.content)[0] : answer ? [null, null] : null;
}

// The answer is one that the description knows, in status, type and body.
async function described(operation, answer, where) {
  const expected = schemaOf(operation, String(answer.status));
  assert.ok(expected, `${where}: ${answer.status} is not described`);
  const [type, content] = expected;
  const body = await answer.text();
  if (!type) return null;
  assert.ok(answer.headers.get("content-type").startsWith(type), `${where}: ${answer.headers.get("content-type")}`);
  const json = JSON.parse(body);
  const validate = ajv.compile(content.schema.$ref ? { $ref: `openapi${content.schema.$ref}` } : content.schema);
  assert.ok(validate(json), `${where}: ${ajv.errorsText(validate.errors)}`);
  return json;
}

test("every path, method, role and error is as docs/openapi.yaml says", async () => {
  const row = await somebodyWithWork();
  const stranger = new Browser();
  const seen = {};
  for (const [template, item] of Object.entries(api.paths).filter(([, i]) => i.get?.security?.length !== 0 && i.get)) {
    const path = filled(template, row);
    const operation = item.get;
    for (const [role, browser] of Object.entries(people)) {
      const answer = await get(browser, path);
      (seen[operation.operationId] ??= {})[role] = answer.status;
      await described(operation, answer, `${role} ${path}`);
      assert.equal(answer.headers.get("cache-control"), "no-store", path);
    }
    await described(operation, await get(stranger, path), `nobody ${path}`);
    assert.equal(await statusOf(stranger, path), 401, path);
    const allowed = Object.keys(seen[operation.operationId]).find((role) => seen[operation.operationId][role] === 200);
    if (operation.responses["400"]) {
      await described(operation, await get(people[allowed], `${path}?nothing=1`), `${path}?nothing=1`);
      assert.equal(await statusOf(people[allowed], `${path}?nothing=1`), 400, path);
      assert.equal(await statusOf(people[allowed], `${path}?lang=vi&lang=en`), 400, path);
    }
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter((m) => !item[m.toLowerCase()])) {
      const answer = await people[allowed].go(`${base}${path}`, { method });
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.match(answer.headers.get("allow"), /GET, HEAD/);
    }
    assert.equal((await people[allowed].go(`${base}${path}`, { method: "HEAD", headers: { Accept: "application/json" } })).status, 200);
  }
  const only = (...roles) => Object.fromEntries(Object.keys(people).map((r) => [r, roles.includes(r) ? 200 : 403]));
  assert.deepEqual(seen.sources, only("operator", "auditor"));
  assert.deepEqual(seen.quality, only("operator", "auditor"));
  assert.deepEqual(seen.quarantine, only("operator"));
  assert.deepEqual(seen.log, only(...Object.keys(people)));
  assert.deepEqual(seen.me, only(...Object.keys(people)));
  for (const id of ["sheets", "looks"]) assert.deepEqual(seen[id], only("auditor"), id);
  // Who of these accounts leads, is deputy in or approves the unit of the row, by the directory's own lines.
  const above = (unit) => [unit, ...(parent.get(unit) ? above(parent.get(unit)) : [])];
  const parent = new Map(directory.units.map((u) => [u.id, u.parent]));
  const post = (role) => directory.memberships.find((m) => m.person === accounts[role].login).unit;
  const approved = directory.duties.find((d) => d.duty === "approver").unit;
  const may = ["auditor", ...(above(row.unit).includes(post("head")) ? ["head"] : []), ...(above(row.unit).includes(approved) ? ["approver"] : [])];
  const deputy = post("deputy") === row.unit ? ["deputy"] : [];
  for (const id of ["sheet", "explanation", "item", "unitSummary"]) assert.deepEqual(seen[id], only(...may, ...deputy), id);
  assert.deepEqual(seen.record, only(...may));
  for (const missing of ["/api/v1", "/api/v1/", "/api/v1/people", "/api/v1/units", "/api/v2/me", "/api/v1/me/", "/api/v1/people/x/sheets/2026-6"]) {
    assert.equal(await statusOf(people.auditor, missing), 404, missing);
  }
});

test("what there is not is 404 for who might see it, 403 for who may not", async () => {
  const row = await somebodyWithWork();
  const none = [`/api/v1/people/nobody/sheets/${PERIOD}`, `/api/v1/people/${row.person}/sheets/1999-01`,
    `/api/v1/people/${row.person}/sheets/${PERIOD}/items/${"0".repeat(16)}`,
    `/api/v1/people/${row.person}/sheets/${PERIOD}/items/${row.item}/records/${"0".repeat(16)}`];
  for (const path of none) {
    assert.equal(await statusOf(people.auditor, path), 404, path);
    assert.equal(await statusOf(people.operator, path), 403, path);
  }
});

test("a head sees the unit and those below, not the neighbour's; their own sheet like anybody", async () => {
  const heads = directory.memberships.filter((m) => m.role === "head");
  const own = heads.find((m) => m.person === accounts.head.login).unit;
  const parent = new Map(directory.units.map((u) => [u.id, u.parent]));
  const below = (unit) => unit === own || (parent.get(unit) ? below(parent.get(unit)) : false);
  const moved = (m) => directory.memberships.filter((o) => o.person === m.person).length > 1;
  const other = directory.memberships.find((m) => !below(m.unit) && m.role === "member" && !moved(m));
  const mine = directory.memberships.find((m) => m.unit === own && m.role === "member" && !moved(m));
  assert.ok(mine && other);
  assert.equal(await statusOf(people.head, `/api/v1/units/${own}/summary`), 200);
  assert.equal(await statusOf(people.head, `/api/v1/units/${other.unit}/summary`), 403);
  assert.equal(await statusOf(people.head, `/api/v1/people/${accounts.head.login}/sheets/${PERIOD}`), 200);
  assert.equal(await statusOf(people.head, `/api/v1/people/${other.person}/sheets/${PERIOD}`), 403);
  const page = await people.head.open(`${base}/units/${own}`);
  assert.equal(page.status, 200);
  assert.equal((await people.head.open(`${base}/units/${other.unit}`)).status, 403);
  assert.equal(await statusOf(people.head, `/api/v1/people/${mine.person}/sheets/${PERIOD}`), 200);
});

test("who looks at somebody's file is seen by that person, once in a while, and nobody else sees it", async () => {
  const row = await somebodyWithWork();
  const person = await signedIn(row.person);
  const looks = async () => (await (await get(person, `/api/v1/people/${row.person}/looks`)).json()).looks;
  const before = await looks();
  assert.ok(before.every((l) => l.viewer !== row.person));
  const sheet = `/people/${row.person}/sheets/${PERIOD}`;
  for (let i = 0; i < 3; i++) assert.equal((await people.approver.open(`${base}${sheet}`)).status === 200, true);
  const later = (await looks()).filter((l) => l.viewer === accounts.approver.login && l.what === "sheet");
  assert.equal(later.length, 1);
  assert.equal(later[0].name, accounts.approver.name);
  await person.open(`${base}${sheet}`);
  assert.ok((await looks()).every((l) => l.viewer !== row.person));
  assert.equal(await statusOf(people.approver, `/api/v1/people/${row.person}/looks`), 403);
  const page = await person.open(`${base}/people/${row.person}/looks`);
  assert.match(page.text, new RegExp(accounts.approver.name));
});

test("an unchanged sheet is answered 304, and one that was scored anew with other points is not", async () => {
  const row = await somebodyWithWork();
  const path = `/api/v1/people/${row.person}/sheets/${PERIOD}`;
  const first = await get(people.auditor, path);
  const etag = first.headers.get("etag");
  const again = await get(people.auditor, path, { "If-None-Match": etag });
  assert.equal(again.status, 304);
  assert.equal(again.headers.get("etag"), etag);
  assert.equal(await again.text(), "");
  assert.equal((await get(people.auditor, path, { "If-None-Match": `"x", W/${etag}` })).status, 304);
  assert.equal((await get(people.auditor, path, { "If-None-Match": '"x"' })).status, 200);
  assert.equal((await get(new Browser(), path, { "If-None-Match": etag })).status, 401);
  assert.equal((await get(people.operator, path, { "If-None-Match": etag })).status, 403);
  const { assessments, ...rest } = JSON.parse(readFileSync(join(city.dir, "assessments.json"), "utf8"));
  const given = (general) => Object.fromEntries(Object.keys(general).map((group, i) => [group, i === 0 ? "1.25" : "0"]));
  const other = assessments.map((a) => (a.person === row.person ? { ...a, general: given(a.general) } : a));
  assert.notDeepEqual(other, assessments);
  writeFileSync(join(city.dir, "assessments-2.json"), JSON.stringify({ ...rest, assessments: other }));
  must(city.config, "import", "assessments", join(city.dir, "assessments-2.json"));
  must(city.config, "score", "--period", PERIOD, "--publish");
  await new Promise((done) => setTimeout(done, 1_500)); // the gateway looks once a second
  const changed = await get(people.auditor, path, { "If-None-Match": etag });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get("etag"), etag);
  assert.equal((await changed.json()).sheet.general, "1.25");
});

test("a sheet is what `score` says, an item opens down to the bytes of the record", async () => {
  const row = await somebodyWithWork();
  const sheet = await (await get(people.auditor, `/api/v1/people/${row.person}/sheets/${PERIOD}`)).json();
  const scored = JSON.parse(must(city.config, "score", "--period", PERIOD, "--person", row.person, "--json")).subjects[0];
  for (const name of ["status", "total", "results_points", "class_by_score", "class_after_quota", "a", "b", "c"]) {
    assert.deepEqual(sheet.sheet[name], scored[name], name);
  }
  assert.equal(sheet.sheet.lines.length, scored.lines.length);
  const record = await (await get(people.auditor, `/api/v1/people/${row.person}/sheets/${PERIOD}/items/${row.item}/records/${row.record}`)).json();
  assert.equal(record.matches, true);
  const { createHash } = await import("node:crypto");
  const bytes = record.bytes ?? Buffer.from(record.bytes_base64, "base64");
  assert.equal(createHash("sha256").update(bytes).digest("hex"), record.sha256);
  assert.equal(query(city.dir, `SELECT count(*) FROM audit WHERE why = 'read by ${accounts.auditor.login}'`).trim() > 0, true);
});

test("a post and a duty that end count at the next request, without a new sign-in", async () => {
  const row = await somebodyWithWork();
  const path = `/api/v1/people/${row.person}/sheets/${PERIOD}`;
  assert.equal(await statusOf(people.auditor, path), 200);
  const file = join(city.dir, "directory-2.json");
  const own = directory.memberships.find((m) => m.person === accounts.head.login).unit;
  assert.equal(await statusOf(people.head, `/api/v1/units/${own}/summary`), 200);
  const end = (row) => ({ ...row, to: "2026-11-01" });
  const ended = { ...directory, duties: directory.duties.map((d) => (d.duty === "auditor" ? end(d) : d)),
    memberships: directory.memberships.map((m) => (m.person === accounts.head.login ? end(m) : m)) };
  writeFileSync(file, JSON.stringify(ended));
  must(city.config, "import", "directory", file);
  await new Promise((done) => setTimeout(done, 1_500));
  assert.equal(await statusOf(people.auditor, path), 403);
  assert.equal(await statusOf(people.head, `/api/v1/units/${own}/summary`), 403);
  assert.equal(await statusOf(people.auditor, `/api/v1/people/${accounts.auditor.login}/sheets/${PERIOD}`), 200);
});

test("what machines ask and push is as docs/openapi.yaml says; a person's session is no token", async (t) => {
  const at = clientOf(pushedInstallation(t));
  const gateway = await startServer(at.config);
  t.after(() => gateway.end());
  const token = api.paths["/oauth/token"].post, push = api.paths["/api/v1/inbox/{source}"].post;
  const given = await tokenOf(gateway.url, at);
  assert.equal((await described(token, await askToken(gateway.url, at), "token")).token_type, "Bearer");
  for (const [as, form, status] of [[{ client: at.client, secret: "0".repeat(64) }, undefined, 401], [at, "grant_type=password", 400]]) {
    const refused = await askToken(gateway.url, as, form);
    assert.equal(refused.status, status);
    await described(token, refused, `token ${status}`);
  }
  const pushed = (headers, body = '{"PhanAnhID":"1"}') => fetch(`${gateway.url}/api/v1/inbox/pushed`, { method: "POST", body,
    headers: { "Idempotency-Key": "k", "Content-Type": "application/x-ndjson", ...headers } });
  const bearer = { Authorization: `Bearer ${given}` };
  const session = { Cookie: `__Host-minhchung=${people.operator.cookies.get("__Host-minhchung")}` };
  for (const [headers, body, status] of [[bearer, undefined, 202], [{}, undefined, 401], [session, undefined, 401],
    [{ Authorization: `Bearer ${given}x` }, undefined, 401], [{ ...bearer, "Idempotency-Key": " " }, undefined, 400],
    [{ ...bearer, "Content-Type": "text/plain" }, undefined, 415], [bearer, '{"PhanAnhID":"2"}', 422]]) {
    const answer = await pushed(headers, body);
    assert.equal(answer.status, status, JSON.stringify(Object.keys(headers)));
    await described(push, answer, `push ${status}`);
  }
});
