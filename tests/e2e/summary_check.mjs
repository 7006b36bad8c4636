// build/run/summary.json has the form that is promised: exact keys, integers, parts that add
// up to their totals. Run by scripts/test after `scripts/run --once`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./lib.mjs";

const summary = JSON.parse(readFileSync(join(root, "build/run/summary.json"), "utf8"));
const keys = (object) => Object.keys(object).sort();
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

function counts(object, names) {
  assert.deepEqual(keys(object), [...names].sort());
  for (const name of names) assert.ok(Number.isInteger(object[name]) && object[name] >= 0, name);
}

test("the top level", () => {
  assert.deepEqual(keys(summary), ["as_of", "evidence", "items", "ledger", "period", "quality", "scorecards", "sources"]);
  assert.match(summary.period, /^\d{4}-\d{2}$/);
  assert.ok(!Number.isNaN(Date.parse(summary.as_of)));
});

test("sources: four, and fetched = new + revised + duplicate + quarantined", () => {
  assert.equal(summary.sources.length, 4);
  for (const { source, register, ...rest } of summary.sources) {
    assert.ok(source && register);
    counts(rest, ["fetched", "new", "revised", "duplicate", "quarantined"]);
    assert.equal(rest.fetched, rest.new + rest.revised + rest.duplicate + rest.quarantined, source);
    assert.ok(rest.new > 0, source);
  }
});

test("evidence, items and score cards add up to their totals", () => {
  assert.deepEqual(keys(summary.evidence), ["by_assurance", "total", "verified"]);
  assert.equal(sum(Object.values(summary.evidence.by_assurance)), summary.evidence.total);
  assert.ok(summary.evidence.verified > 0 && summary.evidence.verified <= summary.evidence.total);
  const { total, ...items } = summary.items;
  counts(items, ["assigned", "completed", "claimed_only", "unresolved", "held"]);
  assert.equal(sum(Object.values(items)), total);
  const { total: cards, ...statuses } = summary.scorecards;
  counts(statuses, ["scored", "insufficient_data", "awaiting_data", "awaiting_assessment", "not_applicable"]);
  assert.equal(sum(Object.values(statuses)), cards);
});

test("the ledger's checkpoint is a signed note over its size", () => {
  const [origin, size, rootHash, blank, signature] = summary.ledger.checkpoint.split("\n");
  assert.ok(origin);
  assert.equal(Number(size), summary.ledger.size);
  assert.equal(Buffer.from(rootHash, "base64").length, 32);
  assert.equal(blank, "");
  assert.ok(signature.startsWith(`\u2014 ${origin} `));
});

test("quality: four numbers per source, a ratio or unknown", () => {
  assert.deepEqual(summary.quality.map((q) => q.source).sort(), summary.sources.map((s) => s.source).sort());
  for (const quality of summary.quality) {
    assert.deepEqual(keys(quality), ["clean", "complete", "correct", "live", "source"]);
    for (const value of [quality.correct, quality.complete, quality.clean, quality.live]) {
      if (value === null) continue;
      counts(value, ["num", "den"]);
      assert.ok(value.num <= value.den);
    }
  }
});
