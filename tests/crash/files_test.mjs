// Goal: of the files that are ours and not SQLite's, none is ever half there under its name: proof bundles, summaries,
// the log as files, recordings, files put away, lock files. Whatever call fails, the command says so and what to do,
// leaves nothing beside, and the next one is good.
// Method: every open, write, fsync, rename, mkdir and unlink of each command below its folder fails in turn (the shim),
// each with another of the errors that a disk gives; every fourth is a kill instead.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { edit, importCity, must, pushedInstallation, pushOneReport, root, run, startCity } from "../e2e/lib.mjs";
import { fault, start, told } from "./lib.mjs";

const errors = ["EIO", "ENOSPC", "EACCES", "kill_torn"];

// All files below a folder, by their path in it.
function tree(folder) {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    return [relative(folder, path), readFileSync(path)];
  }));
}

// Runs `args` once for each call that it makes below `under`, until one run meets no fault. `before` puts things as
// they were, `look(note, ended)` says what must hold after the fault, `after(note)` after the run that follows it.
async function everyCall({ config, under, args, told: teller, before, look, after, most = Infinity, least = 4, allowed = (call) => call.startsWith("unlink ") }) {
  let at = 1, met = 0;
  for (; at <= most; ++at) {
    await before();
    const deed = errors[at % errors.length];
    const ended = await start(config, args, { env: fault({ under, at, deed, told: teller }) }).ended;
    const seen = told(teller);
    if (!seen.met) {
      assert.equal(ended.code, 0, `${args[0]}: ${ended.stdout}${ended.stderr}`);
      break;
    }
    ++met;
    const note = `${args.slice(0, 2).join(" ")}: call ${at} (${seen.met}) met ${deed}`;
    if (deed === "kill_torn") {
      assert.equal(ended.signal, "SIGKILL", note);
    } else if (ended.code !== 0 || !allowed(seen.met)) {
      assert.ok([2, 3].includes(ended.code), `${note}: it ended with ${ended.code}: ${ended.stdout}${ended.stderr}`);
      assert.match(ended.stdout + ended.stderr, /\[[a-z_]+\]/, `${note}: no message`);
    }
    await look(note, ended);
    const again = run(config, ...args);
    assert.equal(again.code, 0, `${note}, then the next run: ${again.stdout}${again.stderr}`);
    await after(note);
  }
  assert.ok(met >= least, `${args[0]} met only ${met} faults`);
  console.log(`# ${args.slice(0, 2).join(" ")}: ${met} calls failed in turn`);
}

// What stood under the name before stays, or the whole new file is there; nothing beside it unless it was killed.
function oneFile(file, args, whole) {
  const old = Buffer.from("what stood here before\n");
  return {
    args,
    before: () => writeFileSync(file, old),
    look: (note, ended) => {
      const now = readFileSync(file);
      assert.ok(now.equals(old) || whole(file), `${note}: half a file`);
      if (ended.code !== null) assert.ok(!existsSync(`${file}.part`), `${note}: ${file}.part is left`);
    },
    after: (note) => {
      assert.ok(whole(file), note);
      assert.ok(!existsSync(`${file}.part`), note);
    },
  };
}

test("a proof bundle and the log as files: whole or not at all", async (t) => {
  const at = pushedInstallation(t);
  edit(at.config, (settings) => (settings.sources.pushed.interval_minutes = 1));
  await pushOneReport(at);
  must(at.config, "sync");
  const out = join(at.dir, "out"), teller = join(at.dir, "told");
  mkdirSync(out);
  const shared = { config: at.config, under: out, told: teller };
  const leaf = execFileSync("sqlite3", [join(at.dir, "mc.db"), "SELECT min(leaf_index) FROM records"], { encoding: "utf8" }).trim();

  const bundle = join(out, "proof.zip");
  await everyCall({ ...shared, ...oneFile(bundle, ["prove", "evidence", leaf, "--out", bundle],
    (file) => run(at.config, "verify", file).code === 0) });
  assert.equal(statSync(bundle).mode & 0o077, 0, "a bundle holds payloads");
  const log = join(out, "log");
  must(at.config, "log", "export", log);
  const wanted = tree(log);
  assert.ok("checkpoint" in wanted && Object.keys(wanted).length >= 3);
  await everyCall({
    ...shared, args: ["log", "export", log],
    before: () => rmSync(log, { recursive: true, force: true }),
    look: (note, ended) => {
      const found = tree(log);
      for (const [path, bytes] of Object.entries(found)) {
        if (ended.code === null && path.endsWith(".part")) continue;
        assert.ok(wanted[path]?.equals(bytes), `${note}: ${path} is not what it will be`);
      }
      // The head comes last: who finds it finds everything that it covers.
      if ("checkpoint" in found) assert.ok(Object.keys(wanted).every((path) => path in found), note);
    },
    after: (note) => assert.deepEqual(tree(log), wanted, note),
  });
});

test("a recording holds no half exchange, and says that it is not whole; a summary is whole or not at all", async (t) => {
  const city = await startCity({ seed: 6, officials: 48, months: 1, honest: true });
  t.after(city.stop);
  const out = join(city.dir, "out"), folder = join(out, "recorded");
  mkdirSync(out);
  await everyCall({
    config: city.config, under: out, told: join(city.dir, "told"), args: ["sync", "hanoiwork", "--record", folder],
    most: 10,  // the head and the first exchanges; all others are written by the same lines
    before: () => rmSync(out, { recursive: true }) ?? mkdirSync(out),
    look: (note, ended) => {
      for (const [path, bytes] of Object.entries(tree(folder))) {
        if (ended.code === null && path.endsWith(".part")) continue;
        assert.doesNotThrow(() => JSON.parse(bytes.toString()), `${note}: ${path}`);
      }
      rmSync(folder, { recursive: true, force: true });  // as "recording_exists" asks
    },
    after: () => {},
  });
  assert.equal(run(city.config, "fsck").code, 0);

  importCity(city);
  const summary = join(out, "summary.json");
  const parses = (file) => { try { return "ledger" in JSON.parse(readFileSync(file, "utf8")); } catch { return false; } };
  await everyCall({ config: city.config, under: out, told: join(city.dir, "told"), ...oneFile(summary, ["summary", "--period", "2026-06", "--out", summary], parses) });

});

test("files put away: a folder that takes nothing stops its source, keeps the file, and takes it once", async (t) => {
  const at = pushedInstallation(t);
  const folder = join(at.dir, "lines"), teller = join(at.dir, "told");
  mkdirSync(folder);
  const manifest = JSON.parse(readFileSync(join(at.dir, "manifests/pushed.json"), "utf8"));
  Object.assign(manifest, { id: "lines", kind: "file_drop", subscription: "own" });
  writeFileSync(join(at.dir, "manifests/lines.json"), JSON.stringify(manifest));
  const rules = JSON.parse(readFileSync(join(root, "mapping/rules/citizen_reports.json"), "utf8"));
  writeFileSync(join(at.dir, "rules/lines.json"), JSON.stringify({ ...rules, source: "lines" }));
  edit(at.config, (settings) => (settings.sources = { lines: { folder: "lines" } }));
  let file = 0;
  await everyCall({
    config: at.config, under: folder, told: teller, args: ["sync"], least: 2,
    before: () => {
      const line = { PhanAnhID: String(++file), NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" };
      rmSync(join(folder, "taken"), { recursive: true, force: true });
      writeFileSync(join(folder, ".new"), JSON.stringify(line));
      renameSync(join(folder, ".new"), join(folder, `${file}.ndjson`));
      must(at.config, "sync");  // takes it; what is committed is put away by the next one
    },
    look: (note) => assert.ok(existsSync(join(folder, `${file}.ndjson`)) || existsSync(join(folder, `taken/${file}.ndjson`)), note),
    after: (note) => {
      assert.ok(existsSync(join(folder, `taken/${file}.ndjson`)), note);
      const held = execFileSync("sqlite3", [join(at.dir, "mc.db"), "SELECT native_id FROM records ORDER BY leaf_index"], { encoding: "utf8" });
      assert.equal(held, Array.from({ length: file }, (_, i) => `${i + 1}\n`).join(""), note);
      assert.equal(run(at.config, "fsck").code, 0, note);
    },
  });
});

test("a lock file that cannot be made stops the sync, which says so", async (t) => {
  const at = pushedInstallation(t);
  await pushOneReport(at);
  must(at.config, "sync");
  const lock = join(at.dir, "mc.db.lock-pushed"), teller = join(at.dir, "told");
  rmSync(lock, { force: true });
  const ended = await start(at.config, ["sync"], { env: fault({ under: lock, at: 1, deed: "EACCES", told: teller }) }).ended;
  assert.equal(told(teller).met, `open ${lock}`);
  assert.equal(ended.code, 3);
  assert.match(ended.stdout + ended.stderr, /store_lock/);
  must(at.config, "sync");
});
