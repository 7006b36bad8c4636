// What a sender changed in a dossier is marked in the evidence, and explain says it in Vietnamese: every
// planted case that the city says should be noticed, on the sheet of the person whom it concerns.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importCity, must, startCity } from "./lib.mjs";

const SAID = {
  sender_closing_step: "dòng kết thúc do phần mềm gửi tự ghi, không nêu ai",
  status_rewritten: "phần mềm gửi ghi trạng thái 9",
  applicant_file_as_result: "tệp người dân nộp được gửi thay cho tệp kết quả",
  second_id: "hồ sơ có mã thứ hai; hai mã chỉ tính một lần",
};

async function noticedCases(city) {
  const cases = await (await fetch(`${city.truth}/truth/cases`)).json();
  // Where the item stands in the last month, held ones included.
  return Object.entries(cases).filter(([, c]) => c.marks && c.expect["0"] !== null);
}

test("explain shows what the senders rewrote, cut and filled in", async (t) => {
  const city = await startCity({ seed: 1, officials: 50 });
  t.after(city.stop);
  importCity(city);
  must(city.config, "sync");
  const period = city.city.periods.at(-1);
  const planted = await noticedCases(city.city);
  assert.ok(planted.length >= 15);
  const said = new Set();
  for (const person of new Set(planted.flatMap(([, c]) => c.people))) {
    const explained = JSON.parse(must(city.config, "explain", person, "--period", period, "--json"));
    for (const [name, { items, marks }] of planted.filter(([, c]) => c.people.includes(person))) {
      const found = new Set(explained.items[items[0]]?.evidence.flatMap((e) => e.marks ?? []));
      for (const mark of marks) {
        assert.ok(found.has(mark), `${name}: ${mark} is not among ${[...found]}`);
        if (SAID[mark] && !said.has(mark)) {
          const text = must(city.config, "explain", person, "--period", period);
          assert.ok(text.includes(`lưu ý: ${SAID[mark]}`), `${name}: ${mark} is not said`);
          said.add(mark);
        }
      }
    }
  }
  assert.deepEqual([...said].sort(), Object.keys(SAID).sort());
});
