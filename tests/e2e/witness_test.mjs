// Goal: with a witness outside, what this machine alone cannot see is seen: a store put back from an old copy,
// two heads of one size. And nothing that a witness does, or does not do, stops the collecting.
// Method: the built program against a witness of our own (witness.mjs), which Go (logcheck) and OpenSSL check.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { edit, must, pushOneReport, pushedInstallation, root, run, startServer, startWitness } from "./lib.mjs";

const logcheck = process.env.MC_LOGCHECK ?? join(root, "build/dev/tests/foreign/logcheck");

async function witnessed(t) {
  const home = pushedInstallation(t);
  const logKey = JSON.parse(must(home.config, "--json", "log", "key")).verifier_key;
  const witness = await startWitness(t, "witness.test/w1", logKey);
  edit(home.config, (settings) => (settings.witnesses = { inspector: { key: witness.key, url: `${witness.url}/` } }));
  return { ...home, logKey, witness };
}

// One more receipt, so the log grows.
const grow = (home) => run(home.config, "--json", "sync");
const head = (home) => JSON.parse(run(home.config, "--json", "log", "sign").stdout);
const doctor = (home) => JSON.parse(run(home.config, "--json", "doctor").stdout).findings.find((finding) => finding.check === "witness");
const exported = (home) => {
  must(home.config, "log", "export", join(home.dir, "export"));
  return readFileSync(join(home.dir, "export/checkpoint"), "utf8");
};

// The database with what its log holds, as an operator's copy of it.
const copyOf = (home, name) => {
  assert.equal(spawnSync("sqlite3", [join(home.dir, "mc.db"), `.backup '${join(home.dir, name)}'`]).status, 0);
};
const putBack = (home, name) => {
  for (const part of ["-wal", "-shm"]) spawnSync("rm", ["-f", join(home.dir, `mc.db${part}`)]);
  copyFileSync(join(home.dir, name), join(home.dir, "mc.db"));
};

test("a head is cosigned before it is published, and strangers find the cosignature good", async (t) => {
  const home = await witnessed(t);
  assert.equal(grow(home).code, 0);
  const first = head(home);
  assert.equal(first.witnesses[0].cosigned, true);
  assert.equal((await home.witness.held()).size, first.size);
  assert.equal(grow(home).code, 0);
  const text = exported(home);
  assert.equal(text.split("\n").filter((line) => line.startsWith("— ")).length, 2);
  const asked = (await home.witness.held()).asked;
  assert.equal(head(home).witnesses[0].cosigned, true);
  assert.equal((await home.witness.held()).asked, asked); // a cosigned head is not shown again

  const file = (name, bytes) => (writeFileSync(join(home.dir, name), bytes), join(home.dir, name));
  const go = (checkpoint) => spawnSync(logcheck, ["cosigned", home.logKey, home.witness.key, file("checkpoint", checkpoint)]).status;
  assert.equal(go(text), 0);
  const line = text.lastIndexOf("— ");
  assert.equal(go(text.slice(0, line)), 1);
  assert.equal(go(text.slice(0, line + 50) + (text[line + 50] === "A" ? "B" : "A") + text.slice(line + 51)), 1);

  const bytes = Buffer.from(text.slice(line).trim().split(" ").at(-1), "base64");
  const body = text.slice(0, text.indexOf("\n\n") + 1);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(home.witness.key.split("+").slice(2).join("+"), "base64").subarray(1)]);
  const openssl = (message, signature) => spawnSync("openssl", ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin",
    "-inkey", file("key.der", der), "-in", file("message", message), "-sigfile", file("signature", signature)]).status;
  const message = `cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n${body}`;
  assert.equal(openssl(message, bytes.subarray(12)), 0);
  assert.notEqual(openssl(message.replace("time 1", "time 2"), bytes.subarray(12)), 0);

  const server = await startServer(home.config);
  assert.equal(await (await fetch(`${server.url}/log/checkpoint`)).text(), text);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, /minhchung_witness_backlog_leaves\{witness="inspector"\} 0/);
  assert.match(metrics, /minhchung_witness_contradicts\{witness="inspector"\} 0/);
  await server.end();
  assert.equal(doctor(home).state, "ok");
  must(home.config, "fsck");
});

test("a witness that is down, slow or says what it should not stops nothing, and is caught up with", async (t) => {
  const home = await witnessed(t);
  grow(home);
  const before = head(home).size;
  for (const mode of ["down", "bad_signature", "other_body", "no_lines", "html", "huge", "error", "no_size"]) {
    await home.witness.become(mode);
    const pulled = grow(home);
    assert.equal(pulled.code, 0, mode);
    assert.match(pulled.stderr, /not_cosigned/, mode);
    const published = exported(home);
    assert.equal(published.split("\n").filter((line) => line.startsWith("— ")).length, 1, mode);
    const signing = run(home.config, "log", "sign");
    assert.equal(signing.code, 3, mode);
    assert.match(signing.stdout, /CHƯA cùng ký, còn \d+ lá/, mode);
    const finding = doctor(home);
    assert.deepEqual([finding.state, finding.code], ["warning", "not_cosigned"], mode);
  }
  await home.witness.become("slow");
  const begun = Date.now();
  assert.equal(grow(home).code, 0);
  assert.ok(Date.now() - begun < 20_000);
  await home.witness.become("down");
  const server = await startServer(home.config);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, /minhchung_witness_backlog_leaves\{witness="inspector"\} [1-9]/);
  await server.end();

  await home.witness.become("good");
  assert.deepEqual([doctor(home).state, doctor(home).code], ["warning", "witness_behind"]); // doctor keeps nothing
  assert.equal(grow(home).code, 0);
  const after = head(home);
  assert.ok(after.size > before);
  assert.deepEqual([after.witnesses[0].cosigned, after.witnesses[0].backlog, after.witnesses[0].error], [true, 0, null]);
  assert.equal((await home.witness.held()).size, after.size);
  must(home.config, "fsck");
});

test("a store put back from yesterday's copy signs nothing, and says why", async (t) => {
  const home = await witnessed(t);
  grow(home);
  copyOf(home, "yesterday.db");
  const yesterday = head(home).size;
  for (let i = 0; i < 5; ++i) grow(home);
  const today = head(home).size;
  copyOf(home, "today.db");
  const published = exported(home);

  putBack(home, "yesterday.db");
  must(home.config, "fsck"); // whole to itself
  const refused = grow(home);
  assert.equal(refused.code, 3);
  const sentence = new RegExp(`has cosigned a head of ${today} leaves and this store holds ${yesterday + 1}`);
  assert.match(refused.stderr, /witness_rollback/);
  assert.match(refused.stderr, sentence);
  const signing = run(home.config, "log", "sign");
  assert.equal(signing.code, 3);
  assert.match(signing.stderr, sentence);
  assert.equal(run(home.config, "prove", "evidence", "0", "--out", join(home.dir, "x.zip")).code, 3);
  const finding = doctor(home);
  assert.deepEqual([finding.code, finding.state], ["witness_rollback", "fault"]);
  assert.match(finding.advice, /bản sao lưu mới nhất/);
  assert.equal(run(home.config, "doctor").code, 1);
  assert.equal(JSON.parse(must(home.config, "--json", "log", "export", join(home.dir, "old"))).size, yesterday);

  // It goes on collecting up to the size that the witness has seen: now there are two histories.
  for (let i = 0; i < 5; ++i) assert.equal(grow(home).code, 3);
  assert.match(run(home.config, "log", "sign").stderr, new RegExp(`another head of ${today} leaves`));
  assert.equal(doctor(home).code, "witness_fork");

  putBack(home, "today.db");
  assert.equal(grow(home).code, 0);
  assert.equal(head(home).witnesses[0].cosigned, true);
  assert.notEqual(exported(home), published);
});

test("two heads of one size: the witness has the other one", async (t) => {
  const home = await witnessed(t);
  grow(home);
  copyOf(home, "start.db");
  grow(home);
  const size = head(home).size;
  putBack(home, "start.db"); // and another history of the same length
  const refused = grow(home);
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /witness_fork/);
  assert.match(refused.stderr, new RegExp(`another head of ${size} leaves than this store of ${size} leaves`));
  assert.equal(doctor(home).state, "fault");

  const server = await startServer(home.config);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, /minhchung_witness_contradicts\{witness="inspector"\} 1/);
  await server.end();
});

test("a witness that claims to have seen more is believed, until it is taken out", async (t) => {
  const home = await witnessed(t);
  grow(home);
  await home.witness.become("ahead");
  assert.match(grow(home).stderr, /a head of 1000000 leaves/);
  edit(home.config, (settings) => delete settings.witnesses);
  assert.equal(grow(home).code, 0);
});

test("a witness that does not know the log, or not its key", async (t) => {
  const home = await witnessed(t);
  const key = (name) => JSON.parse(must(home.config, "--json", "log", "key"))[name];
  const stranger = await startWitness(t, "witness.test/w2", key("verifier_key").replace("test.example", "other.example"));
  edit(home.config, (settings) => (settings.witnesses = { other: { key: stranger.key, url: stranger.url } }));
  assert.equal(grow(home).code, 0);
  assert.equal(doctor(home).code, "witness_log_unknown");
});

test("bundles carry the cosignature, and verify asks for it", async (t) => {
  const home = await witnessed(t);
  await pushOneReport(home);
  grow(home);
  const file = join(home.dir, "proof.zip");
  const leaf = Array.from({ length: 8 }, (_, i) => String(i)).find((i) => run(home.config, "prove", "evidence", i, "--out", file).code === 0);
  assert.ok(leaf);
  const other = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
  const verify = (...args) => run(home.config, "--json", "verify", file, "--key", home.logKey, ...args);
  const plain = JSON.parse(verify().stdout);
  assert.deepEqual([plain.valid, plain.cosigned_by, plain.signatures_not_checked], [true, [], 1]);
  const good = JSON.parse(verify("--witness", home.witness.key).stdout);
  assert.deepEqual([good.valid, good.cosigned_by[0].witness, good.signatures_not_checked], [true, "witness.test/w1", 0]);
  assert.match(run(home.config, "verify", file, "--witness", home.witness.key).stdout, /nhân chứng witness.test\/w1 đã cùng ký/);
  const missing = verify("--witness", home.witness.key, "--witness", other);
  assert.equal(missing.code, 1);
  assert.equal(JSON.parse(missing.stdout).fault.code, "no_cosignature");
  assert.equal(verify("--witness", home.logKey).code, 2);
});
