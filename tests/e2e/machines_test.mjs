// Machines through the built program: created, pushing, rotated with an overlap and past it, revoked while serve runs; and
// what the ledger and the log say of it. Tokens are verified by node's own crypto, against what /oauth/jwks shows.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { askToken, clientOf, edit, must, pushedInstallation, run, startServer, tokenOf } from "./lib.mjs";

const wait = (millis) => new Promise((done) => setTimeout(done, millis));
const client = (at, ...args) => JSON.parse(must(at.config, "--json", "client", ...args));
const report = (id) => JSON.stringify({ PhanAnhID: id, NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" });
let keys = 0;
const push = (url, token, path = "/api/v1/inbox/pushed") => fetch(url + path, {
  method: "POST", body: report(String(++keys)),
  headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": `k${keys}`, "Content-Type": "application/x-ndjson" },
});
// A running gateway knows of a step within a second: looked for until then, with room for a busy machine.
async function becomes(wanted, ask) {
  let status;
  for (let i = 0; i < 100; ++i) {
    status = await ask();
    if (status === wanted) return;
    await wait(50);
  }
  assert.equal(status, wanted);
}

test("created, pushes, rotated with an overlap, revoked", async (t) => {
  const at = clientOf(pushedInstallation(t));
  assert.match(at.client, /^c[0-9a-f]{16}$/);
  assert.match(at.secret, /^[0-9a-f]{64}$/);
  const server = await startServer(at.config);
  const status = async (as) => (await askToken(server.url, as)).status;

  const token = await tokenOf(server.url, at);
  const [head, body, signature] = token.split(".").map((part) => Buffer.from(part, "base64url"));
  const { typ, alg, kid } = JSON.parse(head);
  assert.deepEqual([typ, alg], ["at+jwt", "ES256"]);
  const { keys: jwks } = await (await fetch(`${server.url}/oauth/jwks`)).json();
  const key = createPublicKey({ key: jwks.find((one) => one.kid === kid), format: "jwk" });
  assert.ok(verify("sha256", token.slice(0, token.lastIndexOf(".")), { key, dsaEncoding: "ieee-p1363" }, signature));
  const said = JSON.parse(body);
  assert.deepEqual([said.iss, said.aud, said.sub, said.scope, said.exp - said.iat],
    ["https://test.example", "https://test.example/api/v1", at.client, "source:pushed", 300]);

  assert.equal((await push(server.url, token)).status, 202);
  assert.equal((await push(server.url, token, "/api/v1/inbox/other")).status, 403);
  assert.equal((await push(server.url, token, `/api/v1/inbox/pushed?access_token=${token}`)).status, 400);
  assert.equal((await push(server.url, `${token}x`)).status, 401);
  const strange = await askToken(server.url, { client: "c0123456789abcdef", secret: at.secret });
  assert.deepEqual([strange.status, strange.headers.get("cache-control"), (await strange.json()).error], [401, "no-store", "invalid_client"]);

  // Both secrets in the overlap; after a second rotation without one, the third alone.
  const second = client(at, "rotate", at.client, "--overlap", "1", "--by", "an");
  await becomes(200, () => status(second));
  assert.equal(await status(at), 200);
  const third = client(at, "rotate", at.client, "--overlap", "0");
  await becomes(200, () => status(third));
  assert.deepEqual([await status(at), await status(second)], [401, 401]);
  const fresh = await tokenOf(server.url, third);
  assert.equal((await push(server.url, fresh)).status, 202);

  // Revoked: at once for the tokens that are out, too.
  client(at, "revoke", at.client, "--by", "binh");
  await becomes(401, async () => (await push(server.url, fresh)).status);
  assert.equal(await status(third), 401);
  const log = await server.end();

  const [listed] = client(at, "list").clients;
  assert.deepEqual([listed.client, listed.scope, listed.revoked_by, listed.secrets.length], [at.client, "source:pushed", "binh", 2]);
  const again = run(at.config, "client", "rotate", at.client);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /client_revoked/);
  const told = must(at.config, "log", "access");
  for (const word of ["token_given", "machine_refused", at.client]) assert.ok(told.includes(word), `${word}: ${told}`);
  const kinds = execFileSync("sqlite3", ["-readonly", join(at.dir, "mc.db"), "SELECT count(*) FROM client_steps"], { encoding: "utf8" });
  assert.equal(kinds.trim(), "4");
  const everything = log + told + execFileSync("sqlite3", ["-readonly", join(at.dir, "mc.db"), ".dump client_steps access_counts"], { encoding: "utf8" });
  for (const secret of [at.secret, second.secret, third.secret, token, fresh]) assert.ok(!everything.includes(secret));
  assert.deepEqual(JSON.parse(must(at.config, "--json", "fsck")).faults, []);
});

test("pushes past the client's limit are told to come again, and nothing of them is kept", async (t) => {
  const at = clientOf(pushedInstallation(t));
  edit(at.config, (settings) => (settings.machines = { issuer: "https://gateway.example", pushes_per_minute: 2 }));
  const server = await startServer(at.config);
  const token = await tokenOf(server.url, at);
  const answers = [await push(server.url, token), await push(server.url, token), await push(server.url, token)];
  assert.deepEqual(answers.map(({ status }) => status), [202, 202, 429]);
  assert.match(answers[2].headers.get("retry-after"), /^([1-9]|[12]\d|30)$/);
  await server.end();
  must(at.config, "sync");  // what `serve` has not pulled itself
  assert.equal(JSON.parse(must(at.config, "--json", "fsck")).records, 2);
});

test("what a client is not made for, and a gateway without a key", async (t) => {
  const at = clientOf(pushedInstallation(t));
  for (const [args, said] of [[["create"], /--source ID or --unit CODE/], [["create", "--source", "nobody"], /nobody/],
    [["create", "--unit", "H26.1"], /import directory/], [["rotate", "c0123456789abcdef"], /no_such_client/],
    [["rotate", at.client, "--overlap", "721"], /overlap/], [["revoke", "x"], /no_such_client/]]) {
    const refused = run(at.config, "client", ...args);
    assert.equal(refused.code, 2, `${args}: ${refused.stderr}`);
    assert.match(refused.stderr, said);
  }
  edit(at.config, (settings) => delete settings.keys.token_signing);
  const server = await startServer(at.config);
  assert.equal((await askToken(server.url, at)).status, 404);
  assert.equal((await push(server.url, "x")).status, 404);
  await server.end();
});
