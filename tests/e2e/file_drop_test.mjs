// A folder of files through the built program: a sheet in an archive and lines of JSON, put in
// place by renaming, become evidence once; the files are put away; a second sync adds nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { must, root, run } from "./lib.mjs";

const manifest = (id, records) => ({
  schema: "minhchung/manifest@1", id, register: "bang", title: "Bảng theo dõi nhiệm vụ", owner: "Văn phòng", legal_basis: "-",
  assumptions: [], kind: "file_drop", subscription: "own", streams: [{ id: "tasks" }], records,
  limits: { records_per_page: 2 }, lag_limit_minutes: 1440, expected_interval_minutes: 1440,
});

const fields = {
  kind: "task", assurance: "by_assigner",
  native_id: { from: "Mã", required: true }, unit: { code: "Mã đơn vị" }, lead: { account: "Chủ trì" },
  assigner: { account: "Người giao" }, document: { number: "Số/Ký hiệu" },
  status: [{ from: "Trạng thái", table: "state" }],
  assigned_at: { from: "Ngày giao", dates: "any", required: true }, due_at: { from: "Hạn", dates: "any" },
};
const rules = (source, format) => ({
  schema: "minhchung/rules@1", source, format, absent: [""], dates: { any: ["dd/MM/yyyy"] },
  tables: { state: { "Đang làm": "open", Xong: "done" } }, records: [fields],
});

function setUp(t) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const folder of ["manifests", "rules", "sheets", "lines"]) mkdirSync(join(dir, folder));
  for (const key of ["sealing", "person", "log"]) writeFileSync(join(dir, `${key}.key`), "ab".repeat(32), { mode: 0o600 });
  const save = (path, value) => writeFileSync(join(dir, path), JSON.stringify(value));
  save("manifests/sheets.json", manifest("sheets", { format: "csv", delimiter: ";", key: ["Mã"] }));
  save("manifests/lines.json", manifest("lines", { format: "ndjson", key: ["Mã"] }));
  save("rules/sheets.json", rules("sheets", "csv"));
  save("rules/lines.json", rules("lines", "json"));
  save("gateway.jsonc", {
    store: "mc.db", log_origin: "test.example/log", policies: join(root, "policies"), manifests: "manifests", rules: "rules",
    keys: { sealing: "file:sealing.key", person_hmac: "file:person.key", log_signing: "file:log.key" },
    sources: { sheets: { folder: "sheets" }, lines: { folder: "lines" } },
  });
  return { dir, config: join(dir, "gateway.jsonc") };
}

const header = "Mã;Mã đơn vị;Chủ trì;Người giao;Số/Ký hiệu;Trạng thái;Ngày giao;Hạn";
const sheet = `\ufeff${header}\r\nNV-1;H26.101;an;sep;1/UBND;Đang làm;01/06/2026;10/06/2026\r\n` +
  `NV-2;H26.101;an;sep;;Xong;01/06/2026;\r\nNV-3;H26.101;an;sep;;Đang làm\r\nNV-4;H26.101;an;sep;;Không rõ;01/06/2026;\r\n`;
const line = { Mã: "NV-9", "Mã đơn vị": "H26.101", "Chủ trì": "an", "Người giao": "sep", "Trạng thái": "Xong", "Ngày giao": "02/06/2026" };

test("files of a folder become evidence once, and are put away", (t) => {
  const { dir, config } = setUp(t);
  const put = (folder, name, bytes) => {
    writeFileSync(join(dir, folder, ".new"), bytes);
    renameSync(join(dir, folder, ".new"), join(dir, folder, name));
  };
  writeFileSync(join(dir, "bang.csv"), sheet);
  execFileSync("zip", ["-q", "-j", join(dir, "bang.zip"), join(dir, "bang.csv")]);
  renameSync(join(dir, "bang.zip"), join(dir, "sheets/bang.zip"));
  put("lines", "nhiem-vu.ndjson", `${JSON.stringify(line)}\nnot json\n`);
  put("lines", "half.tmp", "{");

  const of = (sources, name) => sources.find((s) => s.source === name);
  const first = JSON.parse(must(config, "--json", "sync")).sources;
  assert.deepEqual(
    ["fetched", "new", "quarantined", "control_total", "offered"].map((k) => of(first, "sheets")[k]), [4, 2, 2, 4, 4]);
  assert.deepEqual(["fetched", "new", "quarantined"].map((k) => of(first, "lines")[k]), [2, 1, 1]);
  const bad = JSON.parse(must(config, "--json", "quarantine", "list")).quarantine;
  assert.deepEqual(bad.map((b) => b.code).sort(), ["not_an_object", "unknown_status", "wrong_field_count"]);
  assert.equal(bad.find((b) => b.code === "wrong_field_count").rule, "8 columns, line 4");
  const shown = JSON.parse(must(config, "--json", "quarantine", "show", bad.find((b) => b.code === "unknown_status").record));
  assert.match(Buffer.from(shown.base64, "base64").toString(), new RegExp(`^${header}\\r?\\nNV-4;`));

  const second = JSON.parse(must(config, "--json", "sync")).sources;
  for (const s of second) assert.equal(s.fetched, 0, s.source);
  assert.ok(existsSync(join(dir, "sheets/taken/bang.zip")));
  assert.ok(existsSync(join(dir, "lines/taken/nhiem-vu.ndjson")));
  assert.ok(existsSync(join(dir, "lines/half.tmp")));

  // The same files once more: known, every record.
  renameSync(join(dir, "sheets/taken/bang.zip"), join(dir, "sheets/lai.zip"));
  const third = of(JSON.parse(must(config, "--json", "sync", "sheets")).sources, "sheets");
  assert.deepEqual([third.fetched, third.duplicate], [4, 4]);
  assert.deepEqual(JSON.parse(must(config, "--json", "fsck")).faults, []);

  // A folder that is gone is a failed pull, told apart from an empty one.
  rmSync(join(dir, "lines"), { recursive: true });
  const gone = run(config, "sync", "lines");
  assert.equal(gone.code, 3);
  assert.match(gone.stderr, /folder_missing/);
});
