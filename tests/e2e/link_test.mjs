// Goal: a label that the directory does not know counts for nobody, is suggested to nobody by force, and counts again
// exactly as before once two people said for which days it is whose. Method: a city whose directory has lost one label.
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importCity, must, run, score, startCity } from "./lib.mjs";

const period = "2026-06";
const sheetOf = (scores, person) => scores.subjects.find((subject) => subject.id === person);
const figures = (sheet) => ({ total: sheet.total, results: sheet.results_points, lines: sheet.lines.map((line) => line.label ?? line.item).sort() });

function lines(directory, scores) {
  return (label) => sheetOf(scores, label.person)?.lines.length ?? 0;
}

test("a lost label is queued, linked by two people for a time, and ended", { timeout: 300_000 }, async (t) => {
  const city = await startCity({ seed: 5, officials: 48, months: 2 });
  t.after(city.stop);
  const file = join(city.dir, "directory.json");
  const whole = JSON.parse(readFileSync(file, "utf8"));
  importCity(city);
  must(city.config, "sync");
  const before = score(city.config, period);

  // The label whose holder has the most work, held by somebody with one post that lasts.
  const held = lines(whole, before);
  const label = whole.labels.filter((row) => !row.to).sort((a, b) => held(b) - held(a))[0];
  const others = whole.people.map((person) => person.id).filter((id) => id !== label.person);
  const [proposer, approver] = others;
  const without = { ...whole, labels: whole.labels.filter((row) => row.person !== label.person) };
  writeFileSync(file, JSON.stringify(without));
  must(city.config, "import", "directory", file);
  const lost = score(city.config, period);
  assert.notDeepEqual(figures(sheetOf(lost, label.person)), figures(sheetOf(before, label.person)), "the label carried work");

  const list = () => JSON.parse(must(city.config, "--json", "link", "list", "--unit", label.unit));
  const waiting = list().waiting.find((row) => row.said === label.label && row.register === label.register);
  assert.ok(waiting, "the label waits");
  assert.equal(waiting.reason, "unknown_label");
  assert.equal(waiting.key, "label");
  assert.ok(waiting.items > 0 && waiting.days > 0);
  const name = whole.people.find((person) => person.id === label.person).name;
  assert.equal(name, label.label, "the label reads like its holder's name");
  assert.ok(waiting.suggestions.some((s) => s.person === label.person && s.why === "same_name"));

  const propose = ["link", "propose", "--register", label.register, "--label", label.label, "--unit", label.unit, "--person", label.person,
    "--from", "2026-04-01", "--to", "2026-12-31", "--reason", "Đối chiếu sổ phân công"];
  assert.equal(run(city.config, ...propose, "--by", label.person).code, 2);
  const { proposal } = JSON.parse(must(city.config, "--json", ...propose, "--by", proposer));
  assert.deepEqual(score(city.config, period).subjects, lost.subjects, "a proposal changes nothing");
  assert.equal(run(city.config, "link", "approve", proposal, "--by", proposer, "--confirm").code, 2, "one person is not two");

  // What is shown before it is approved is what becomes of it.
  const shown = JSON.parse(must(city.config, "--json", "link", "approve", proposal, "--by", approver));
  assert.equal(shown.kept, false);
  assert.deepEqual(score(city.config, period).subjects, lost.subjects, "looking changes nothing");
  const change = shown.changes.find((one) => one.period === period && one.person === label.person);
  assert.equal(change.before.lines, sheetOf(lost, label.person).lines.length);
  assert.equal(change.after.lines, sheetOf(before, label.person).lines.length);
  assert.match(must(city.config, "link", "approve", proposal, "--by", approver), /--confirm/);
  assert.equal(JSON.parse(must(city.config, "--json", "link", "approve", proposal, "--by", approver, "--confirm")).kept, true);

  const linked = score(city.config, period);
  const changed = new Set(shown.changes.filter((one) => one.period === period).map((one) => one.person));
  for (const sheet of linked.subjects) {
    assert.deepEqual(figures(sheet), figures(sheetOf(before, sheet.id)), `${sheet.id} has the sheet that the row gave`);
    const other = JSON.stringify(figures(sheet)) !== JSON.stringify(figures(sheetOf(lost, sheet.id)));
    assert.ok(!other || changed.has(sheet.id), `${sheet.id} changes, and was not shown`);
  }
  assert.equal(list().waiting.find((row) => row.said === label.label && row.register === label.register), undefined);
  // `explain` tells the link of two people from a row of the directory.
  const { items } = JSON.parse(must(city.config, "explain", label.person, "--period", period, "--json"));
  const keys = Object.values(items).flatMap((item) => item.evidence).flatMap((e) => e.checks)
    .filter((row) => row.check === "person" && row.state === "passed").map((row) => row.detail);
  assert.ok(keys.includes(`label, manual link ${proposal}`));
  assert.ok(keys.includes("account"));
  assert.equal(run(city.config, "link", "approve", proposal, "--by", approver, "--confirm").code, 2, "it is decided once");

  // Locked with the link, the list names its two leaves; the end that follows changes no locked list.
  must(city.config, "lock", "--period", period);
  assert.match(must(city.config, "explain", label.person, "--period", period), /Phiếu đã chốt: kết quả \d+,\d\d, tổng \d+,\d\d/);
  const { links } = list();
  const { leaves } = links.find((one) => one.id === proposal);
  assert.equal(leaves.length, 2);
  const bundle = join(city.dir, "sheet.zip");
  must(city.config, "prove", "score", label.person, "--period", period, "--out", bundle);
  must(city.config, "verify", bundle, "--key", JSON.parse(must(city.config, "--json", "log", "key")).verifier_key);
  const { context } = JSON.parse(execFileSync("python3", ["-c", "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('case.json').decode())", bundle], { encoding: "utf8" }));
  assert.ok(leaves.every((leaf) => context.includes(leaf)), "the list names the link's leaves");
  const end = JSON.parse(must(city.config, "--json", "link", "end", proposal, "--to", "2026-03-31", "--by", proposer, "--reason", "Nhầm người"));
  const undone = JSON.parse(must(city.config, "--json", "link", "approve", end.proposal, "--by", approver, "--confirm"));
  assert.deepEqual(undone.locked, [period]);
  assert.deepEqual(score(city.config, period).subjects, lost.subjects, "never in force: as if it had not been");
  must(city.config, "fsck");
  assert.match(must(city.config, "fsck", "--index"), /./);
});

test("a rejected proposal counts for nothing, and its words say so", { timeout: 300_000 }, async (t) => {
  const city = await startCity({ seed: 6, officials: 48, months: 1 });
  t.after(city.stop);
  importCity(city);
  const directory = JSON.parse(readFileSync(join(city.dir, "directory.json"), "utf8"));
  const [first, second, third] = directory.people.map((person) => person.id);
  const args = ["--register", "hanoiwork", "--account", "tai-khoan-moi", "--person", first, "--from", "2026-06-01", "--to", "2026-06-30", "--reason", "Theo danh sách"];
  const { proposal, second_account } = JSON.parse(must(city.config, "--json", "link", "propose", ...args, "--by", second));
  assert.equal(second_account, true);
  assert.match(must(city.config, "link", "list"), new RegExp(`${proposal}.*tai-khoan-moi`));
  assert.match(must(city.config, "link", "reject", proposal, "--by", third, "--reason", "Người khác"), /Đã bác/);
  const refused = run(city.config, "link", "approve", proposal, "--by", third, "--confirm");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /not_open/);
  for (const missing of ["--by", "--reason"]) {
    const cut = [...args, "--by", second];
    cut.splice(cut.indexOf(missing), 2);
    assert.equal(run(city.config, "link", "propose", ...cut).code, 2, missing);
  }
});
