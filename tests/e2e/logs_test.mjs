// Goal: a secret or personal number in a log is found, in each form, and what only looks like one is not; nothing stays on disk.
// Method: a small suite of one process that says what is secret and logs it; then the check that ends every run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./lib.mjs";

const SECRET = "k/7+q?Đ-secret", NUMBER = "001099123456";
const b64 = (text) => Buffer.from(text).toString("base64"), b64url = (text) => Buffer.from(text).toString("base64url");
const script = join(root, "tests/e2e/logs_check.mjs");

// What the check says when a process of the suite has logged `line`.
function after(t, line, told = [SECRET, NUMBER]) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-logs-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const suite = `import { keepLog, mustStaySecret } from ${JSON.stringify(join(root, "tests/e2e/logs.mjs"))};
    mustStaySecret("made up", ...${JSON.stringify(told)}); keepLog("before\\n" + ${JSON.stringify(line)} + "\\nafter\\n");`;
  const env = { ...process.env, MC_E2E_LOGS: dir };
  assert.equal(spawnSync(process.execPath, ["--input-type=module", "-e", suite], { env }).status, 0);
  const kept = readdirSync(dir).filter((n) => n.endsWith(".values")).map((n) => readFileSync(join(dir, n), "utf8")).join("");
  assert.equal(kept.includes(NUMBER), told.includes(NUMBER));
  const { status, stdout } = spawnSync(process.execPath, [script, "end", dir], { encoding: "utf8" });
  assert.ok(!existsSync(dir));
  for (const value of told) assert.ok(!stdout.includes(value), stdout);
  return { status, stdout };
}

test("found in every form, and told without the value", (t) => {
  const forms = [SECRET, `x=${NUMBER}.`, `a${NUMBER}b`, encodeURIComponent(SECRET), encodeURIComponent(SECRET).toLowerCase().replace("%c4%90", "%c4%90")];
  for (const before of ["", "a", "ab", "user:"]) {
    for (const encode of [b64, b64url]) for (const value of [SECRET, NUMBER]) forms.push(`Basic ${encode(`${before}${value}after`)}`);
  }
  for (let at = 0; at < forms.length; at += 20) {
    const lines = forms.slice(at, at + 20).map((form, i) => `level=info line=${i} a="${form}"`);
    const { status, stdout } = after(t, lines.join("\n"));
    assert.equal(status, 1);
    const [summary, ...found] = stdout.trimEnd().split("\n");
    assert.match(summary, new RegExp(`^2 secrets .*: ${lines.length} found$`));
    found.forEach((text, i) => assert.match(text, new RegExp(`\\.log: made up, .*: level=info line=${i} a=".*\\[HERE\\].*"$`)));
  }
});

test("a number within a longer one is none, nor is a part of a secret; the suite that says nothing is told so", (t) => {
  const lines = [`1${NUMBER}`, `${NUMBER}0`, SECRET.slice(1), NUMBER.slice(0, 11), b64(NUMBER.slice(1))];
  assert.equal(after(t, lines.join("\n")).status, 0);
  assert.equal(after(t, "nothing", ["short"]).status, 0); // of one test alone
  const dir = mkdtempSync(join(tmpdir(), "minhchung-logs-"));
  for (let i = 0; i < 6; i++) writeFileSync(join(dir, `test-${i}.log`), "nothing\n");
  const { status, stdout } = spawnSync(process.execPath, [script, "end", dir], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stdout, /^0 secrets .* 6 tests logged: 0 found\nno test said/);
});
