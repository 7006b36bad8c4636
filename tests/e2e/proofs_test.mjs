// The signed log through the built program, read by others: Go's sumdb (tests/foreign/logcheck) over the
// export and over /log, OpenSSL over the signature. Each changed byte class is refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { clientOf, must, pushedInstallation, root, run, startServer, tokenOf } from "./lib.mjs";

const logcheck = process.env.MC_LOGCHECK ?? join(root, "build/dev/tests/foreign/logcheck");

// Its store holds what push() put there.
function installation(t) {
  const made = pushedInstallation(t);
  return { ...made, key: JSON.parse(must(made.config, "--json", "log", "key")).verifier_key };
}

// Reports from..to pushed and pulled: as many leaves and a receipt.
async function add(at, from, to) {
  const { config } = clientOf(at);
  const server = await startServer(config);
  const token = await tokenOf(server.url, at);
  const body = Array.from({ length: to - from }, (_, i) =>
    JSON.stringify({ PhanAnhID: String(from + i), NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" })).join("\n");
  const answer = await fetch(`${server.url}/api/v1/inbox/pushed`, {
    method: "POST", body,
    headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": `k${from}`, "Content-Type": "application/x-ndjson" },
  });
  assert.equal(answer.status, 202);
  await server.end();
  must(config, "sync");
}

const check = (...args) => spawnSync(logcheck, ["log", ...args], { encoding: "utf8" });
const good = (...args) => {
  const result = check(...args);
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
};

test("a stranger checks export and /log, and refuses each changed form", async (t) => {
  const home = installation(t);
  const out = join(home.dir, "export");
  assert.equal(run(home.config, "log", "export", out).code, 2); // nothing is signed yet
  await add(home, 0, 300);
  must(home.config, "log", "export", out);
  const old = join(home.dir, "old-checkpoint");
  writeFileSync(old, readFileSync(join(out, "checkpoint")));
  await add(home, 300, 700);
  must(home.config, "log", "export", out);
  assert.match(good(home.key, out, old), /^70\d leaves/);

  const server = await startServer(home.config);
  assert.match(good(home.key, `${server.url}/log`, old), /^70\d leaves/);
  const tile = await fetch(`${server.url}/log/tile/0/000`);
  assert.equal(tile.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.deepEqual(Buffer.from(await tile.arrayBuffer()), readFileSync(join(out, "tile/0/000")));
  const head = await fetch(`${server.url}/log/checkpoint`);
  assert.equal(head.headers.get("cache-control"), "public, max-age=5");
  assert.equal(head.headers.get("content-type"), "text/plain; charset=utf-8");
  for (const path of ["tile/0/003", "tile/0/0", "tile/0/%2e%2e/000", "", "x"])
    assert.equal((await fetch(`${server.url}/log/${path}`)).status, 404, path);
  assert.equal((await fetch(`${server.url}/log/..%2fmc.db`)).status, 400, "no plain path");
  await server.end();

  const text = readFileSync(join(out, "checkpoint"), "utf8");
  const size = Number(text.split("\n")[1]);
  const last = `00${Math.floor(size / 256)}.p/${size % 256}`;
  const upper = `tile/1/000.p/${Math.floor(size / 256)}`;
  const flip = (name, at) => (dir) => {
    const bytes = readFileSync(join(dir, name));
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    writeFileSync(join(dir, name), bytes);
  };
  const swap = (a, b) => (dir) => {
    renameSync(join(dir, a), join(dir, "held"));
    renameSync(join(dir, b), join(dir, a));
    renameSync(join(dir, "held"), join(dir, b));
  };
  const cut = (name, bytes) => (dir) => writeFileSync(join(dir, name), readFileSync(join(dir, name)).subarray(0, -bytes));
  const entries = readFileSync(join(out, "tile/entries/000"));
  const first = 2 + entries.readUInt16BE(0);
  const second = first + 2 + entries.readUInt16BE(first);
  const reordered = Buffer.concat([entries.subarray(first, second), entries.subarray(0, first), entries.subarray(second)]);
  const doubled = Buffer.concat([entries.subarray(0, first), entries.subarray(0, first), entries.subarray(second)]);
  const tampered = {
    "origin": flip("checkpoint", 0), "size": flip("checkpoint", text.indexOf("\n") + 1),
    "root": flip("checkpoint", text.indexOf("\n", text.indexOf("\n") + 1) + 5), "signature": flip("checkpoint", -20),
    "key id": flip("checkpoint", text.lastIndexOf(" ") + 2), "an older head's text": (dir) => writeFileSync(join(dir, "checkpoint"),
      text.replace(/\n\d+\n/, "\n300\n")),
    "a hash": flip("tile/0/001", 100 * 32), "a partial tile's hash": flip(`tile/0/${last}`, 5), "an upper hash": flip(upper, 33),
    "a short tile": cut("tile/0/000", 32), "a missing tile": (dir) => rmSync(join(dir, "tile/0/002.p"), { recursive: true }),
    "tiles in each other's place": swap("tile/0/000", "tile/0/001"), "a leaf's byte": flip("tile/entries/001", 40),
    "a leaf's length": flip("tile/entries/000", 1), "a cut bundle": cut(`tile/entries/${last}`, 1),
    "leaves in each other's place": (dir) => writeFileSync(join(dir, "tile/entries/000"), reordered),
    "a leaf twice": (dir) => writeFileSync(join(dir, "tile/entries/000"), doubled),
    "bundles in each other's place": swap("tile/entries/000", "tile/entries/001"),
  };
  for (const [name, change] of Object.entries(tampered)) {
    const copy = join(home.dir, "copy");
    cpSync(out, copy, { recursive: true });
    change(copy);
    assert.equal(check(home.key, copy, old).status, 1, name);
    rmSync(copy, { recursive: true });
  }

  // Another log with the same key: its head is good by itself, and no continuation of ours.
  const other = installation(t);
  await add(other, 0, 300);
  must(other.config, "log", "export", join(other.dir, "export"));
  const theirs = join(other.dir, "export/checkpoint");
  good(other.key, join(other.dir, "export"));
  assert.equal(check(home.key, out, theirs).status, 1);
});

test("openssl verifies the checkpoint, and refuses a changed one", async (t) => {
  const home = installation(t);
  await add(home, 0, 3);
  const out = join(home.dir, "export");
  must(home.config, "log", "export", out);
  const text = readFileSync(join(out, "checkpoint"), "utf8");
  const body = text.slice(0, text.indexOf("\n\n") + 1);
  const signature = Buffer.from(text.trimEnd().split(" ").at(-1), "base64").subarray(4);
  const key = Buffer.from(home.key.split("+").slice(2).join("+"), "base64").subarray(1);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]); // RFC 8410
  const file = (name, bytes) => (writeFileSync(join(home.dir, name), bytes), join(home.dir, name));
  const verify = (signed, by, with_key) => spawnSync("openssl", ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin",
    "-inkey", file("key.der", with_key), "-in", file("body", signed), "-sigfile", file("signature", by)]).status;
  assert.equal(verify(body, signature, der), 0);
  for (const at of [0, body.indexOf("\n") + 1, body.length - 10]) {
    const changed = Buffer.from(body);
    changed[at] ^= 1;
    assert.notEqual(verify(changed, signature, der), 0);
  }
  for (const at of [0, 40]) {
    const changed = Buffer.from(signature);
    changed[at] ^= 1;
    assert.notEqual(verify(body, changed, der), 0);
  }
});
