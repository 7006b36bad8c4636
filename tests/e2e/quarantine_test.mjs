// Quarantine through the built program: a record that the rules cannot read is kept, shown with
// its bytes, read anew after the rule file was mended, or dropped with a reason; fsck is clean
// after each step, and the raw bytes never change.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { must, query, root, run } from "./lib.mjs";

const task = (code, state) => ({
  MaNV: code, LoaiNhiemVuId: "NV01", NguoiGiaoId: "boss", CanBoId: "an", NgayTao: "2026/06/01 08:00:00",
  HanXuLy: "2026/06/20", MaTrangThai: state, KetQuaThucHien: [],
});

function setUp(t) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const name of ["sealing", "person", "log"]) writeFileSync(join(dir, `${name}.key`), "ab".repeat(32), { mode: 0o600 });
  cpSync(join(root, "mapping/rules"), join(dir, "rules"), { recursive: true });
  const config = join(dir, "gateway.jsonc");
  writeFileSync(config, JSON.stringify({
    store: "minhchung.db", log_origin: "test.example/log",
    keys: { sealing: "file:sealing.key", person_hmac: "file:person.key", log_signing: "file:log.key" },
    policies: join(root, "policies"), manifests: join(root, "connectors"), rules: "rules",
    sources: { hanoiwork: { base_url: "http://127.0.0.1:9", secrets: { bearer: "file:log.key" } } },
  }));
  const saved = join(dir, "saved");
  mkdirSync(saved);
  const rows = [task("NV-1", "TAM_DUNG"), task("NV-2", "DANG_THUC_HIEN"), task("", "DANG_THUC_HIEN")];
  writeFileSync(join(saved, "tasks.json"), JSON.stringify({ PageData: rows, TotalRows: 3 }));
  return { dir, config, saved, raw: JSON.stringify(rows[0]) };
}

const json = (config, ...args) => JSON.parse(must(config, "--json", ...args));
const quarantined = (config, ...args) => json(config, "quarantine", "list", ...args).quarantine;
const clean = (config) => assert.deepEqual(json(config, "fsck").faults, []);

test("a record in quarantine is shown, replayed after the rule is mended, and dropped with a reason", (t) => {
  const { dir, config, saved, raw } = setUp(t);
  must(config, "sync", "--from", saved, "hanoiwork");
  clean(config);
  const open = quarantined(config);
  assert.deepEqual(open.map((e) => e.code).sort(), ["missing_id", "unknown_status"]);
  const unread = open.find((e) => e.code === "unknown_status");
  const nameless = open.find((e) => e.code === "missing_id");
  assert.equal(quarantined(config, "--source", "documents").length, 0);

  const shown = json(config, "quarantine", "show", unread.record);
  assert.equal(Buffer.from(shown.base64, "base64").toString(), raw);
  assert.equal(shown.sha256, createHash("sha256").update(raw).digest("hex"));
  assert.equal(shown.field, "/MaTrangThai");
  assert.match(must(config, "quarantine", "show", unread.record), /TAM_DUNG/);

  // Not mended yet: it stays, and today's reason is told.
  const early = json(config, "quarantine", "replay").replayed[0];
  assert.equal(early.tried, 2);
  assert.equal(early.new, 0);
  assert.equal(early.still_unread.length, 2);
  clean(config);

  const rules = join(dir, "rules/hanoiwork.json");
  writeFileSync(rules, readFileSync(rules, "utf8").replace('"DANG_THUC_HIEN": "open",', '"DANG_THUC_HIEN": "open", "TAM_DUNG": "open",'));
  const replayed = json(config, "quarantine", "replay", "--source", "hanoiwork").replayed[0];
  assert.equal(replayed.new, 1);
  assert.deepEqual(quarantined(config).map((e) => e.record), [nameless.record]);
  clean(config);
  assert.equal(run(config, "quarantine", "show", unread.record).code, 2); // no longer in quarantine
  assert.equal(json(config, "quarantine", "replay", nameless.record).replayed[0].new, 0);

  // The same file once more: all known, the receipt only.
  must(config, "sync", "--from", saved, "hanoiwork");
  assert.equal(quarantined(config).length, 1);

  assert.equal(run(config, "quarantine", "drop", nameless.record).code, 2);
  assert.equal(run(config, "quarantine", "drop", nameless.record, "--reason", "").code, 2);
  assert.equal(run(config, "quarantine", "drop", "0123456789abcdef", "--reason", "x").code, 2);
  assert.equal(run(config, "quarantine", "drop", "xyz", "--reason", "x").code, 2);
  must(config, "quarantine", "drop", nameless.record, "--reason", "nguồn gửi nhầm", "--by", "Trực vận hành");
  clean(config);
  assert.equal(quarantined(config).length, 0);
  const { dropped } = json(config, "quarantine", "list", "--all");
  assert.equal(dropped[0].dropped.reason, "nguồn gửi nhầm");
  assert.equal(dropped[0].dropped.by, "Trực vận hành");
  assert.equal(run(config, "quarantine", "drop", nameless.record, "--reason", "x").code, 2);
});

// tests/golden/workbooks/tasks: five rows, of which the rules read one; row 3 has a state that they do not know.
test("a bad row of a workbook is shown, read anew after the rule is mended, and opened by explain", (t) => {
  const { dir, config } = setUp(t);
  const settings = JSON.parse(readFileSync(config, "utf8"));
  settings.sources = { tasks_xlsx: { folder: "tasks" } };
  writeFileSync(config, JSON.stringify(settings));
  mkdirSync(join(dir, "tasks"));
  cpSync(join(root, "tests/golden/workbooks/tasks/workbook.xlsx"), join(dir, "tasks/nhiem-vu.xlsx"));
  writeFileSync(join(dir, "directory.json"), JSON.stringify({
    schema: "minhchung/directory@1",
    units: [{ id: "u105", name: "Ủy ban nhân dân Phường Ngọc Hà", axis: "committee", codes: [{ code: "H26.105", from: "2025-07-01" }] }],
    people: [{ id: "an", name: "Người mô phỏng", group: "civil_servant" }],
    memberships: [{ person: "an", unit: "u105", role: "member", fed_by: ["hanoiwork"], from: "2025-07-01" }],
    accounts: [{ person: "an", register: "hanoiwork", account: "canbo.7", from: "2025-07-01" }],
    staff_codes: [], emails: [], labels: [],
  }));
  must(config, "import", "directory", join(dir, "directory.json"));
  must(config, "import", "catalogue", join(root, "policies/catalogue-demo-2026.json"));
  must(config, "sync");
  clean(config);
  const open = quarantined(config, "--source", "tasks_xlsx");
  assert.deepEqual(open.map((e) => e.code).sort(), ["bad_date", "error_cell", "missing_id", "unknown_status"]);
  const unread = open.find((e) => e.code === "unknown_status");
  const shown = must(config, "quarantine", "show", unread.record);
  assert.match(shown, /NV-2606-000018/);
  assert.match(shown, /Tạm dừng/);
  const items = () => JSON.parse(must(config, "explain", "an", "--period", "2026-06", "--json")).items;
  assert.equal(items()["task:hanoiwork:NV-2606-000018"], undefined);

  const rules = join(dir, "rules/tasks_sheet.json");
  const text = readFileSync(rules, "utf8");
  const mended = text.replace('"Đang thực hiện": "open",', '"Đang thực hiện": "open", "Tạm dừng": "open",');
  assert.notEqual(mended, text);
  writeFileSync(rules, mended);
  const replayed = json(config, "quarantine", "replay", "--source", "tasks_xlsx").replayed[0];
  assert.deepEqual([replayed.tried, replayed.new, replayed.still_unread.length], [4, 1, 3]);
  clean(config);
  const item = items()["task:hanoiwork:NV-2606-000018"];
  assert.equal(item.evidence[0].record, unread.record);
  assert.equal(item.due, "2026-06-20");
  assert.match(must(config, "explain", "an", "--period", "2026-06"), /NV-2606-000018/);
});

test("a pull that cannot begin, and an empty one, are told apart by their receipts", (t) => {
  const { dir, config, saved } = setUp(t);
  rmSync(join(dir, "log.key"));
  writeFileSync(join(dir, "log.key"), "ab".repeat(32), { mode: 0o600 });
  writeFileSync(config, readFileSync(config, "utf8").replace('"bearer":"file:log.key"', '"bearer":"file:nothing.key"'));
  assert.equal(run(config, "sync", "hanoiwork").code, 2);
  clean(config);
  const runs = () => query(dir, "SELECT state, error_code, fetched FROM runs WHERE leaf_index IS NOT NULL ORDER BY run").trim().split("\n");
  assert.deepEqual(runs(), ["failed|secret_missing|0"]);
  assert.match(must(config, "sources", "list"), /secret_missing/);
  rmSync(join(saved, "tasks.json"));
  writeFileSync(join(saved, "tasks.json"), JSON.stringify({ PageData: [], TotalRows: 0 }));
  must(config, "sync", "--from", saved, "hanoiwork");
  assert.deepEqual(runs(), ["failed|secret_missing|0", "saved||0"]);
  clean(config);
});
