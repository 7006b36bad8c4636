// Prints DIR/summary.json as a table, and three `explain` commands worth trying.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

const dir = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(dir, name), "utf8"));
const summary = read("summary.json");
const cards = read("scores.json").subjects;

const pad = (text, width) => String(text).padStart(width);
// Rounded down: only what is whole may read 100 %.
const percent = (ratio) => (ratio && ratio.den ? `${(Math.floor((10000 * ratio.num) / ratio.den) / 100).toFixed(2)} %` : "chưa biết");
const columns = ["fetched", "new", "revised", "duplicate", "quarantined"];

console.log(`\nKỳ ${summary.period}, tính đến ${summary.as_of}\n`);
console.log(`${"nguồn".padEnd(18)}${columns.map((c) => pad(c, 12)).join("")}`);
for (const s of summary.sources) console.log(`${s.source.padEnd(18)}${columns.map((c) => pad(s[c], 12)).join("")}`);
console.log(`\n${"chất lượng".padEnd(18)}${["đúng", "đủ", "sạch", "sống"].map((c) => pad(c, 12)).join("")}`);
for (const q of summary.quality) {
  console.log(`${q.source.padEnd(18)}${[q.correct, q.complete, q.clean, q.live].map((r) => pad(percent(r), 12)).join("")}`);
}
const names = {
  assigned: "đang làm", completed: "hoàn thành", claimed_only: "chỉ tự khai", unresolved: "chưa rõ người", held: "tạm giữ",
  scored: "đã chấm", insufficient_data: "chưa đủ dữ liệu", awaiting_data: "chờ dữ liệu", awaiting_assessment: "chờ đánh giá",
  not_applicable: "ngoài chính sách này", reported: "tự khai", recorded: "hệ thống ghi nhận", signed: "có chữ ký",
  corroborated: "hai nguồn khớp", confirmed: "được xác nhận",
};
const line = (name, { total, ...parts }) =>
  console.log(`${name.padEnd(12)}${total} = ${Object.entries(parts).map(([k, v]) => `${v} ${names[k] ?? k}`).join(" + ")}`);
console.log("");
line("minh chứng", { total: summary.evidence.total, ...summary.evidence.by_assurance });
line("đầu việc", summary.items);
line("phiếu điểm", summary.scorecards);
console.log(`sổ cái      ${summary.ledger.size} lá\n`);

const config = relative(process.cwd(), join(dir, "gateway.jsonc"));
const tries = [
  ["một phiếu xuất sắc", cards.find((c) => c.class_by_score === "excellent" && c.lines.length > 3)],
  ["một phiếu đang chờ", cards.find((c) => c.status === "awaiting_data" || c.status === "awaiting_assessment")],
  ["một phiếu có kết quả tự khai chưa được chứng minh", cards.find((c) => c.claims_not_counting.some((key) => c.lines.some((l) => l.label === key)))],
];
console.log("Mở thử:");
for (const [what, card] of tries) {
  if (card) console.log(`  # ${what}\n  build/release/minhchung --config ${config} explain ${card.id} --period ${summary.period}`);
}
