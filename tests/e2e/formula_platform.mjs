// A task platform (qlnv) as large as asked for and with no state: which record stands where follows from numbers alone,
// so that a million cost nothing to make and PostgreSQL can be asked for each by the same formula.
// A source's days hold `fresh` new records each, and from the second day on records of the days before, once more,
// byte for byte: a fifth of all rows. Forked, it serves; see startPlatform.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const DAY = 86_400_000;
const template = '{"MaNV":"{key}","NoiDungTheoDoi":"Nhiệm vụ mẫu số {n}: tổng hợp, báo cáo kết quả thực hiện chỉ đạo của Ủy ban nhân dân ' +
  'Thành phố tại văn bản đến, gửi Văn phòng trước hạn","LoaiNhiemVuId":"NV01","MaDonViTheoDoi":"H26.101","DonViTheoDoi":"UBND phường Một",' +
  '"CanBoId":"cb{n}","NguoiGiaoId":"ld1","NguoiGiaoViec":"Lãnh đạo giao việc","SoKyHieuVanBan":"{n}/UBND-VP","NgayVanBan":"{day}",' +
  '"MaTrangThai":"DANG_THUC_HIEN","TrangThai":"Đang thực hiện","NgayTao":"{day} 08:00:00","NgayTao_":"","HanXuLy":"{day}","SoLuong":"1"}';

export const sourceNames = ["p0", "p1", "p2", "p3", "p4", "p5"];

// Sources of `records` different records together, from the day `start` (yyyy-MM-dd) on.
export function planOf(records, fresh) {
  const counts = sourceNames.map((_, i) => Math.floor(records / sourceNames.length) + (i < records % sourceNames.length ? 1 : 0));
  const days = Math.ceil(counts[0] / fresh);
  const start = new Date(Date.now() - (days + 1) * DAY).toISOString().slice(0, 10);
  return { records, fresh, counts, days, start };
}

// What a day offers: numbers from `first`, `fresh` of them, and `repeated` ones from below `first`.
function dayOf(plan, source, day) {
  const count = plan.counts[source];
  const first = Math.min(count, day * plan.fresh);
  const fresh = Math.min(count - first, plan.fresh);
  const repeated = day === 0 || fresh === 0 ? 0 : Math.ceil((fresh * plan.days) / (plan.days - 1) / 4);
  return { first, fresh, repeated, rows: fresh + repeated };
}

export const rowsOf = (plan) => plan.counts.reduce((sum, _, source) =>
  sum + Array.from({ length: plan.days }, (_, day) => dayOf(plan, source, day).rows).reduce((a, b) => a + b, 0), 0);

// The number at a place of a day: the repeats spread evenly among the day's rows, and over all days before.
function numberAt({ first, repeated, rows }, place) {
  const before = Math.floor((place * repeated) / rows);
  const isRepeat = Math.floor(((place + 1) * repeated) / rows) > before;
  return isRepeat ? Math.floor((before * first) / repeated) : first + place - before;
}

const keyOf = (source, n) => `NV${createHash("md5").update(`${sourceNames[source]}/${n}`).digest("hex")}`;
const dayText = (plan, day) => new Date(Date.parse(plan.start) + day * DAY).toISOString().slice(0, 10).replaceAll("-", "/");

function recordOf(plan, source, n) {
  return template.replaceAll("{key}", keyOf(source, n)).replaceAll("{n}", n).replaceAll("{day}", dayText(plan, Math.floor(n / plan.fresh)));
}

// A query of all that must be stored, by the same formula in SQL: register_id, native_id, digest.
export function expectedSql(plan) {
  const day = `to_char(date '${plan.start}' + n / ${plan.fresh}, 'YYYY/MM/DD')`;
  const text = `replace(replace(replace('${template}', '{key}', native_id), '{n}', n::text), '{day}', ${day})`;
  const sources = plan.counts.map((count, i) => `('${sourceNames[i]}', ${count})`).join(", ");
  return `SELECT register_id, native_id, sha256(convert_to(${text}, 'UTF8')) AS digest FROM (SELECT register_id, n, 'NV' || md5(register_id || '/' || n) ` +
    `AS native_id FROM (VALUES ${sources}) s (register_id, count), LATERAL generate_series(0, count - 1) n) numbers`;
}

// Starts it in a process of its own. The gate: when `gateAt` rows were given out, every answer waits; `gate` is then
// settled, and open() lets them go. told(): { rows: of each source, callers: rows of each credential, asked: how often
// each page was }, all by what was answered. stop().
export async function startPlatform(plan, callers, gateAt) {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ plan, callers, gateAt })]);
  const waiting = [];  // for a word of its: kind, done, fail
  const heard = (kind) => new Promise((done, fail) => waiting.push({ kind, done, fail }));
  child.on("message", (message) => {
    const at = waiting.findIndex(({ kind }) => kind === message.kind);
    if (at >= 0) waiting.splice(at, 1)[0].done(message);
  });
  child.on("exit", (code) => waiting.forEach(({ fail }) => fail(new Error(`the platform ended with ${code}`))));
  const gate = heard("gate");
  gate.catch(() => {});
  const { port } = await heard("ready");
  const told = () => {
    const answer = heard("told");
    child.send("tell");
    return answer;
  };
  const stop = () => child.removeAllListeners("exit").kill();
  return { url: `http://127.0.0.1:${port}`, gate, open: () => child.send("open"), told, stop };
}

function serve({ plan, callers, gateAt }) {
  const rows = {}, byCaller = {}, asked = {};
  let given = 0, waiting = gateAt > 0 ? [] : undefined;

  function answer(name, caller, { Index, Size, NgayTaoNhiemVu: { FromDate, ToDate } }) {
    const source = sourceNames.indexOf(name);
    const day = (Date.parse(FromDate.replaceAll("/", "-")) - Date.parse(plan.start)) / DAY;
    if (source < 0 || FromDate !== ToDate || !Number.isInteger(day) || day < 0) throw new Error(`not a page: ${name} ${FromDate} ${ToDate}`);
    const held = day < plan.days ? dayOf(plan, source, day) : { rows: 0 };
    const from = Math.min(held.rows, (Index - 1) * Size), to = Math.min(held.rows, Index * Size);
    const page = [];
    for (let place = from; place < to; ++place) page.push(recordOf(plan, source, numberAt(held, place)));
    rows[name] = (rows[name] ?? 0) + page.length;
    byCaller[caller] = (byCaller[caller] ?? 0) + page.length;
    const place = `${name} ${FromDate} ${Index}`;
    asked[place] = (asked[place] ?? 0) + 1;
    given += page.length;
    return `{"PageData":[${page.join(",")}],"TotalRows":${held.rows},"CurrentPage":${Index},"PageSize":${Size}}`;
  }

  function handle(request, response, text) {
    const end = (status, body) => response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    const caller = callers.find((each) => request.headers.authorization === `Bearer ${each}`);
    if (!caller) return end(401, "{}");
    const work = () => {
      if (response.destroyed) return;  // who asked is no more
      try {
        end(200, answer(request.url.split("/")[1], caller, JSON.parse(text)));
      } catch (error) {
        end(400, JSON.stringify({ Message: error.message }));
      }
    };
    if (!waiting || given < gateAt) return work();
    if (waiting.push(work) === 1) process.send({ kind: "gate" });
  }

  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => handle(request, response, text));
  });
  server.keepAliveTimeout = 60_000;
  process.on("message", (word) => {
    if (word === "tell") process.send({ kind: "told", rows, callers: byCaller, asked });
    if (word !== "open") return;
    const held = waiting;
    waiting = undefined;
    held.forEach((work) => work());
  });
  process.on("disconnect", () => process.exit());
  server.listen(0, "127.0.0.1", () => process.send({ kind: "ready", port: server.address().port }));
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) serve(JSON.parse(process.argv[2]));
