// Goal: what `scripts/run` starts and prints is what a newcomer needs: with its address and its accounts alone the whole
// way of browser_pages_test.mjs can be gone in a browser, and Ctrl-C ends all of it.
// Method: a small city of its own folder; needs port 8480, as `scripts/run` does. Called by scripts/test.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [seed, officials, months] = ["9001", "60", "1"];
const dir = join(root, "build/city", `${seed}-${officials}-${months}`);
const ADDRESS = /sign in at (\S+);/;
const ROLES = ["member", "head", "deputy", "approver", "catalogue_keeper", "policy_keeper", "operator", "auditor"];
let running, said = "";

async function until(what, met, seconds) {
  for (let i = 0; i < seconds * 10; ++i) {
    if (await met()) return;
    assert.equal(running.exitCode, null, `scripts/run ended before ${what}:\n${said}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`no ${what} within ${seconds} s:\n${said}`);
}

before(async () => {
  rmSync(dir, { recursive: true, force: true });
  running = spawn(join(root, "scripts/run"), ["--seed", seed, "--officials", officials, "--months", months], { detached: true });
  running.stdout.on("data", (text) => (said += text));
  running.stderr.on("data", (text) => (said += text));
  await until("its address", () => ADDRESS.test(said), 900); // it may have to build
  const { origin } = new URL(ADDRESS.exec(said)[1]);
  await until("an answer", () => fetch(`${origin}/healthz`).then((answer) => answer.ok, () => false), 30);
});
after(() => {
  if (running?.exitCode === null && running.signalCode === null) process.kill(-running.pid, "SIGKILL");
});

test("it prints an account for each role, and they can go the whole way in a browser", () => {
  for (const role of ROLES) assert.match(said, new RegExp(`^ +${role} +\\S+ +password \\S+ +\\(`, "m"));
  const { NODE_TEST_CONTEXT, ...env } = process.env; // with it a run of tests inside of a test prints nothing
  const walk = spawnSync(process.execPath, ["--test", "--test-reporter=tap", join(root, "tests/e2e/browser_pages_test.mjs")],
    { env: { ...env, MC_RUNNING_CITY: dir }, encoding: "utf8" });
  assert.equal(walk.status, 0, walk.stdout + walk.stderr);
  assert.match(walk.stdout, /# pass [1-9]/);
});

test("Ctrl-C ends all of it", async () => {
  process.kill(-running.pid, "SIGINT");
  if (running.exitCode === null) await once(running, "exit");
  await assert.rejects(fetch(ADDRESS.exec(said)[1]));
  assert.equal(spawnSync("pgrep", ["-g", String(running.pid)]).stdout.toString(), "", "processes are left");
});
