// docs/connect-a-platform.md, followed to the letter: its files are written, its platform is
// played with its own answers, its commands are run, and what they print is what it shows.
// `…` in the page stands for anything, also for several lines where it stands alone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { binary, root } from "./lib.mjs";
import { keepLog, mustStaySecret } from "./logs.mjs";

const PAGE_PORT = "8471";
const TOKEN = "nuoc-sach-mo-phong";
mustStaySecret("token of the platform", TOKEN);

// [{info, text}] of the page's fenced blocks, in order.
const blocksOf = (page) => [...readFileSync(join(root, page), "utf8").matchAll(/```(.*)\n([\s\S]*?)```\n/g)]
  .map(([, info, text]) => ({ info, text }));
const blocks = blocksOf("docs/connect-a-platform.md");
const files = Object.fromEntries(blocks.filter((b) => b.info.includes(" file=")).map((b) => [b.info.split(" file=")[1], b.text]));

function shown(text) {
  const escaped = text.trimEnd().split("\n").map((line) =>
    line.trim() === "…" ? "[\\s\\S]*?" : line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", "[^\\n]*?") + "\\s*");
  return new RegExp(`^\\s*${escaped.join("\\n?\\s*")}$`);
}

async function platform(t) {
  const asked = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://x");
    asked.push(url);
    const send = (status, body) => response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, '{"status":"denied"}');
    if (url.pathname !== "/api/orders") return send(404, "{}");
    // The orders of the page are of June 2026; every other window is empty.
    const june = url.searchParams.get("from") <= "2026-06-03" && url.searchParams.get("to") >= "2026-06-01";
    if (!june) return send(200, '{"status":"ok","data":{"total":0,"next":null,"orders":[]}}');
    return send(200, files[url.searchParams.get("cursor") === "p2" ? "answer-2.json" : "answer-1.json"]);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  return { port: server.address().port, asked };
}

// Not spawnSync: the platform answers from this process.
function sh(dir, line) {
  return new Promise((done) => {
    const child = spawn(binary, line.split(/\s+/).slice(1), { cwd: dir, env: { ...process.env, WATER_TOKEN: TOKEN } });
    let out = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (out += chunk));
    child.on("close", (code) => {
      keepLog(out);
      done({ code, out });
    });
  });
}

test("the page on connecting a platform works as it stands", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const { port, asked } = await platform(t);
  cpSync(join(root, "policies"), join(dir, "policies"), { recursive: true });
  for (const key of ["sealing", "person", "log"]) writeFileSync(join(dir, `${key}.key`), "ab".repeat(32), { mode: 0o600 });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text.replace(PAGE_PORT, String(port)));
  }
  let printed = "", compared = 0;
  for (const { info, text } of blocks) {
    if (info === "sh") {
      printed = "";
      for (const line of text.trim().split("\n")) {
        const { code, out } = await sh(dir, line);
        assert.equal(code, 0, `${line}\n${out}`);
        printed += out;
      }
    } else if (info === "text") {
      assert.match(printed, shown(text));
      compared++;
    } else if (info.includes(" edit=")) {
      const file = join(dir, info.split(" edit=")[1]);
      const [before, after] = text.trim().split("\n");
      const old = readFileSync(file, "utf8");
      assert.ok(old.includes(before), "the page edits what is not there");
      writeFileSync(file, old.replace(before, after));
    }
  }
  assert.equal(compared, 6);
  assert.ok(asked.some((url) => url.searchParams.get("cursor") === "p2"), "the second page was asked for");
});

test("the Vietnamese page has the same files, commands and answers", () => {
  assert.deepEqual(blocksOf("docs/connect-a-platform.vi.md"), blocks);
});

test("a page that shows something else than is printed is noticed", () => {
  assert.match("a 1 b\nc\n", shown("a … b\nc\n"));
  assert.match("x\ny\nz\n", shown("…\nz\n"));
  assert.doesNotMatch("a 1 b\nd\n", shown("a … b\nc\n"));
  assert.doesNotMatch("a 1 b\nc\nmore\n", shown("a … b\nc\n"));
});
