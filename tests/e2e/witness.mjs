// A small witness for the tests: C2SP tlog-witness and tlog-cosignature over one log, its state in memory.
//
//   node witness.mjs NAME LOG-VERIFIER-KEY
//
// Prints {"url","control","key"} on one line. POST {"mode"} to `control` changes how it answers: "good";
// "down" (nobody listens); and hostile ones below. GET shows what it holds. Ends with its parent.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { createServer } from "node:http";

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const node = (left, right) => sha(Buffer.from([1]), left, right);

const privateKeyOf = (seed) =>
  createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" });
const publicKeyOf = (raw) =>
  createPublicKey({ key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]), format: "der", type: "spki" });
const keyId = (name, key) => sha(`${name}\n`, key).subarray(0, 4); // key: its type and its 32 bytes

const [name, logKeys] = process.argv.slice(2);
const seed = sha(name);
const own = privateKeyOf(seed);
const ownKey = Buffer.concat([Buffer.from([4]), createPublicKey(own).export({ format: "der", type: "spki" }).subarray(-32)]);
const logs = logKeys.split(",").map((vkey) => {
  const [origin, , ...key] = vkey.split("+");
  const bytes = Buffer.from(key.join("+"), "base64");
  return { origin, id: keyId(origin, bytes), key: publicKeyOf(bytes.subarray(1)) };
});

let held = { size: 0, root: sha("") };
let mode = "good";
let asked = 0;

// RFC 9162, 2.1.4.2.
function extends_(first, second, firstRoot, secondRoot, proof) {
  if (first === 0) return proof.length === 0;
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let [fn, sn] = [first - 1, second - 1];
  while (fn & 1) [fn, sn] = [fn >> 1, sn >> 1];
  let [fr, sr] = [path[0], path[0]];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn & 1 || fn === sn) {
      [fr, sr] = [node(c, fr), node(c, sr)];
      while (fn && !(fn & 1)) [fn, sn] = [fn >> 1, sn >> 1];
    } else sr = node(sr, c);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return sn === 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
}

function cosign(body, by = own) {
  const time = BigInt(Math.floor(Date.now() / 1000));
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(time);
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), by);
  return `— ${name} ${Buffer.concat([keyId(name, ownKey), stamp, signature]).toString("base64")}\n`;
}

const signedBy = (text, lines, log) => lines.some((line) => {
  const [, by, bytes] = line.split(" ");
  const signature = Buffer.from(bytes ?? "", "base64");
  return by === log.origin && signature.subarray(0, 4).equals(log.id) && verify(null, Buffer.from(text), log.key, signature.subarray(4));
});

// The protocol as its page says, in its order: { status, type, body }.
function addCheckpoint(request) {
  const [, old, hashes, note] = /^old (0|[1-9]\d*)\n((?:[A-Za-z0-9+/=]+\n){0,63})\n([^]*)$/.exec(request) ?? [];
  if (note === undefined) return { status: 400 };
  const at = note.lastIndexOf("\n\n");
  const [text, lines] = [note.slice(0, at + 1), note.slice(at + 2).split("\n").slice(0, -1)];
  const [origin, sizeText, root64] = text.split("\n");
  const keys = logs.filter((log) => log.origin === origin);
  if (keys.length === 0) return { status: 404 };
  if (!keys.some((log) => signedBy(text, lines, log))) return { status: 403 };
  const [first, size, root] = [Number(old), Number(sizeText), Buffer.from(root64, "base64")];
  if (first > size) return { status: 400 };
  const conflict = { status: 409, type: "text/x.tlog.size", body: `${held.size}\n` };
  if (first !== held.size || (first === size && !root.equals(held.root))) return conflict;
  const proof = hashes.split("\n").slice(0, -1).map((hash) => Buffer.from(hash, "base64"));
  if (!extends_(first, size, held.root, root, proof)) return { status: 422 };
  held = { size, root };
  return { status: 200, body: cosign(text) };
}

const bodyIn = (request) => request.slice(request.indexOf("\n\n") + 2).split("\n\n")[0] + "\n";
const stranger = privateKeyOf(sha("stranger"));
const hostile = {
  bad_signature: (request) => ({ status: 200, body: cosign(bodyIn(request), stranger) }),
  other_body: (request) => ({ status: 200, body: cosign(bodyIn(request).replace(/\n\d+\n/, "\n7\n")) }),
  no_lines: () => ({ status: 200, body: "" }),
  html: () => ({ status: 200, body: "<!doctype html><p>sign in\n" }),
  huge: (request) => ({ status: 200, body: cosign(bodyIn(request)).repeat(200) }),
  ahead: () => ({ status: 409, type: "text/x.tlog.size", body: "1000000\n" }),
  no_size: () => ({ status: 409, body: "no\n" }),
  error: () => ({ status: 500, body: "oops\n" }),
};

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    ++asked;
    if (mode === "slow") return; // says nothing for ever
    const text = Buffer.concat(parts).toString("utf8");
    const right = request.method === "POST" && request.url === "/add-checkpoint";
    const answer = !right ? { status: 404 } : mode === "good" ? addCheckpoint(text) : hostile[mode](text);
    response.writeHead(answer.status, { "Content-Type": answer.type ?? "text/plain" }).end(answer.body ?? "");
  });
});

let port = 0;
const listen = () => new Promise((done) => server.listen(port, "127.0.0.1", () => done((port = server.address().port))));
const close = () => new Promise((done) => (server.close(done), server.closeAllConnections()));

const control = createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  if (text) {
    mode = JSON.parse(text).mode;
    if (mode === "down" && server.listening) await close();
    if (mode !== "down" && !server.listening) await listen();
  }
  response.setHeader("Connection", "close");
  response.end(JSON.stringify({ size: held.size, root: held.root.toString("base64"), asked }));
});

await listen();
control.listen(0, "127.0.0.1", () => {
  const key = `${name}+${keyId(name, ownKey).toString("hex")}+${ownKey.toString("base64")}`;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, control: `http://127.0.0.1:${control.address().port}`, key }));
});
process.stdin.resume().on("end", () => process.exit());
