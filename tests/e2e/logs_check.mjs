// node logs_check.mjs begin DIR | end DIR: empties the folder that logs.mjs fills; after all tests, looks in every log for
// every value, as it is, percent-encoded and inside base64, and removes the folder. Ends with 1 when a log holds one.
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const SHOWN_MOST = 20;
const MANY = 6; // tests, of which one at least has a secret; a few alone may have none
const HEAD = 8; // bytes of a form by which it is looked up; logs.mjs keeps nothing shorter

// base64 of a text that stands anywhere in longer bytes: what of it does not depend on its neighbours.
function base64Forms(bytes) {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return text.slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6));
  });
}

// Each once, with how it is written.
function formsOf(value) {
  const percent = encodeURIComponent(value), forms = new Map();
  const add = (how, form) => forms.has(form) || forms.set(form, how);
  add("as it is", value);
  add("percent-encoded", percent);
  add("percent-encoded", percent.replace(/%../g, (code) => code.toLowerCase()));
  for (const form of base64Forms(Buffer.from(value))) {
    add("in base64", form);
    add("in base64url", form.replace(/\+/g, "-").replace(/\//g, "_"));
  }
  return forms;
}

// A set of the heads that has false hits, for speed.
const slot = (bytes, at) => ((bytes.readUInt32LE(at) ^ Math.imul(bytes.readUInt32LE(at + 4), 0x9e3779b1)) >>> 0) % (1 << 24);

function lookUp(values) {
  const filter = new Uint8Array(1 << 24), byHead = new Map();
  for (const [value, what] of values) {
    for (const [form, how] of formsOf(value)) {
      const bytes = Buffer.from(form);
      if (bytes.length < HEAD) continue;
      const head = bytes.toString("latin1", 0, HEAD);
      filter[slot(bytes, 0)] = 1;
      if (!byHead.has(head)) byHead.set(head, []);
      byHead.get(head).push({ what, how, form: bytes, digits: /^\d+$/.test(form) });
    }
  }
  return { filter, byHead };
}

const isDigit = (byte) => byte >= 0x30 && byte <= 0x39;

// A number inside a longer number, a time for one, is none.
const stands = (log, at, { form, digits }) =>
  log.compare(form, 0, form.length, at, at + form.length) === 0 && !(digits && (isDigit(log[at - 1]) || isDigit(log[at + form.length])));

function* findIn(log, { filter, byHead }) {
  for (let at = 0; at + HEAD <= log.length; at++) {
    if (!filter[slot(log, at)]) continue;
    for (const found of byHead.get(log.toString("latin1", at, at + HEAD)) ?? []) {
      if (at + found.form.length <= log.length && stands(log, at, found)) yield { at, ...found };
    }
  }
}

// The line around, without the value.
function lineAround(log, { at, form }) {
  const start = log.lastIndexOf(10, at) + 1, next = log.indexOf(10, at), end = next < 0 ? log.length : next;
  return `${log.toString("utf8", start, at)}[HERE]${log.toString("utf8", at + form.length, end)}`;
}

// { tests, bytes, values, found: [text] }
function check(folder) {
  const names = readdirSync(folder);
  const values = new Map();
  for (const name of names.filter((n) => n.endsWith(".values"))) {
    for (const line of readFileSync(join(folder, name), "utf8").trimEnd().split("\n")) {
      const [what, value] = JSON.parse(line);
      values.set(value, what);
    }
  }
  const wanted = lookUp(values), found = [], logs = names.filter((n) => n.endsWith(".log"));
  let bytes = 0;
  for (const name of logs) {
    const log = readFileSync(join(folder, name));
    bytes += log.length;
    for (const hit of findIn(log, wanted)) found.push(`${name}: ${hit.what}, ${hit.how}: ${lineAround(log, hit)}`);
  }
  return { tests: logs.length, bytes, values: values.size, found };
}

function main(verb, folder) {
  if (verb === "begin") {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return 0;
  }
  try {
    const { tests, bytes, values, found } = check(folder);
    console.log(`${values} secrets and numbers looked for in ${bytes} bytes that ${tests} tests logged: ${found.length} found`);
    for (const line of found.slice(0, SHOWN_MOST)) console.log(line);
    const silent = tests >= MANY && values === 0, logless = values >= MANY && bytes === 0;
    if (silent) console.log("no test said what must stay secret: startCity of lib.mjs should have");
    if (logless) console.log("no test kept a log: startServer of lib.mjs should have");
    return found.length > 0 || silent || logless ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main(...process.argv.slice(2));
