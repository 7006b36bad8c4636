// A sandbox city and a gateway beside it, for tests that walk the whole way.
import { spawn, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { keepLog, mustStaySecret, sandboxFlags } from "./logs.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const binary = process.env.MC_BINARY ?? join(root, "build/dev/minhchung");

// A port that was free a moment ago.
export const freePort = () => new Promise((done) => {
  const taken = createServer().listen(0, "127.0.0.1", () => {
    const { port } = taken.address();
    taken.close(() => done(port));
  });
});

// Starts the city in a folder of its own; stop() ends it and removes the folder.
export async function startCity({ seed = 1, officials = 50, months = 3, dialects = "", faults = false, honest = false, signIn = "" } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  const args = ["--seed", seed, "--officials", officials, "--months", months, "--out", dir, "--exit-with-parent"];
  if (dialects) args.push("--dialects", dialects);
  if (faults) args.push("--faults");
  if (honest) args.push("--honest");
  if (signIn) args.push("--sign-in", signIn);
  const child = spawn(process.execPath, [...sandboxFlags, join(root, "sandbox/city.mjs"), ...args.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done, fail) => {
    child.stdout.on("data", (text) => String(text).includes("ready") && done());
    child.on("exit", (code) => fail(new Error(`the sandbox ended with ${code} before it was ready`)));
  });
  execFileSync(process.execPath, [join(root, "scripts/make-config.mjs"), dir]);
  const config = join(dir, "gateway.jsonc");
  // Any free port: another `serve` may run on this machine.
  if (!signIn) writeFileSync(config, readFileSync(config, "utf8").replace(/^\{/m, '{\n  "listen": { "port": 0 },'));
  const city = JSON.parse(readFileSync(join(dir, "city.json"), "utf8"));
  tellSecretsOf(dir, city);
  const stop = () => {
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
    rmSync(dir, { recursive: true, force: true });
  };
  return { dir, city, config, stop };
}

function tellSecretsOf(dir, { platforms, sign_in }) {
  for (const key of ["sealing", "person-hmac", "log-signing"]) mustStaySecret("key", readFileSync(join(dir, "keys", key), "utf8"));
  for (const { secret } of Object.values(platforms)) mustStaySecret("secret of a platform", secret);
  for (const { clients } of Object.values(sign_in?.providers ?? {})) {
    for (const { secret } of Object.values(clients)) mustStaySecret("secret of a client", secret);
  }
  const { people } = JSON.parse(readFileSync(join(dir, "directory.json"), "utf8"));
  mustStaySecret("number of an official", ...people.map((p) => p.national_id));
}

// What these print is no log: a new secret, which is shown once, and the bytes of one record.
const SHOWS_SECRETS = /\bclient (create|rotate)\b|\bexplain\b.* --item\b/;

// Runs one command to its end; never throws for an exit code.
export function run(config, ...args) {
  const result = spawnSync(binary, ["--config", config, ...args], { encoding: "utf8", maxBuffer: 1 << 30 });
  keepLog(result.stderr);
  if (!SHOWS_SECRETS.test(args.join(" "))) keepLog(result.stdout);
  return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

export function must(config, ...args) {
  const result = run(config, ...args);
  if (result.code !== 0) throw new Error(`minhchung ${args.join(" ")} ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

export function importCity({ dir, config }) {
  must(config, "import", "directory", join(dir, "directory.json"));
  must(config, "import", "catalogue", join(root, "policies/catalogue-demo-2026.json"));
  must(config, "import", "assessments", join(dir, "assessments.json"));
}

// A city whose sheets of 2026-06 are kept for their readers, with providers to sign in at, and the address at which its
// gateway is to be reached.
export async function startScoredCity({ officials = 60 } = {}) {
  const base = `http://localhost:${await freePort()}`;
  const city = await startCity({ officials, months: 1, signIn: base });
  importCity(city);
  must(city.config, "sync");
  must(city.config, "score", "--period", "2026-06", "--publish");
  return { city, ...readCity(city.dir), base };
}

// What a city that was made in `dir` says of itself: the address of its gateway, directory, accounts by role.
export function readCity(dir) {
  const read = (file) => JSON.parse(readFileSync(join(dir, file), "utf8"));
  const { base, accounts } = read("city.json").sign_in;
  return { base, accounts, directory: read("directory.json") };
}

export function score(config, period) {
  return JSON.parse(must(config, "score", "--period", period, "--json"));
}

export function summary({ dir, config }, period) {
  const file = join(dir, `summary-${period}.json`);
  must(config, "summary", "--period", period, "--out", file);
  return JSON.parse(readFileSync(file, "utf8"));
}

export async function truth(city, period) {
  const answer = await fetch(`${city.truth}/truth?period=${period}`);
  if (!answer.ok) throw new Error(`/truth answered ${answer.status}`);
  return answer.json();
}

// Rows of one query on the store, as the sqlite3 shell prints them.
export function query(dir, sql) {
  return execFileSync("sqlite3", ["-readonly", join(dir, "minhchung.db"), sql], { encoding: "utf8", maxBuffer: 1 << 30 });
}

// An installation beside no city, with one source of pushed reports; gone after the test. It has no store yet.
export function pushedInstallation(t) {
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const folder of ["manifests", "rules"]) mkdirSync(join(dir, folder));
  for (const [i, key] of ["sealing", "person", "log", "token"].entries()) writeFileSync(join(dir, `${key}.key`), `a${i}`.repeat(32), { mode: 0o600 });
  for (const i of [0, 1, 2, 3]) mustStaySecret("key", `a${i}`.repeat(32));
  writeFileSync(join(dir, "manifests/pushed.json"), JSON.stringify({
    schema: "minhchung/manifest@1", id: "pushed", register: "pushed", title: "Đẩy", owner: "-", legal_basis: "-", assumptions: [],
    kind: "inbox", streams: [{ id: "all" }], records: { format: "ndjson", key: ["PhanAnhID"] },
    limits: {}, lag_limit_minutes: 1440, expected_interval_minutes: 1440,
  }));
  const rules = JSON.parse(readFileSync(join(root, "mapping/rules/citizen_reports.json"), "utf8"));
  writeFileSync(join(dir, "rules/pushed.json"), JSON.stringify({ ...rules, source: "pushed" }));
  const config = join(dir, "gateway.jsonc");
  const save = (sources) => writeFileSync(config, JSON.stringify({
    store: "mc.db", log_origin: "test.example/log", policies: join(root, "policies"), manifests: "manifests", rules: "rules",
    keys: { sealing: "file:sealing.key", person_hmac: "file:person.key", log_signing: "file:log.key", token_signing: "file:token.key" },
    listen: { port: 0 }, sources,
  }));
  save({ pushed: {} });
  return { dir, config };
}

// The installation with the client of its sender, made when it is first asked for: { client, secret }.
export function clientOf(at) {
  if (at.secret) return at;
  Object.assign(at, JSON.parse(must(at.config, "--json", "client", "create", "--source", "pushed")));
  mustStaySecret("secret of a client", at.secret);
  return at;
}

// An access token for the client: the answer to POST /oauth/token.
export function askToken(url, { client, secret }, form = "grant_type=client_credentials") {
  return fetch(`${url}/oauth/token`, {
    method: "POST", body: form,
    headers: { Authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString("base64")}`, "Content-Type": "application/x-www-form-urlencoded" },
  });
}

// Asks again for a while: a running gateway looks for new clients every second.
export async function tokenOf(url, at) {
  for (const begun = Date.now(); ;) {
    const answer = await askToken(url, clientOf(at));
    const text = await answer.text();
    if (answer.status === 200) {
      const { access_token } = JSON.parse(text);
      mustStaySecret("access token of a machine", access_token);
      return access_token;
    }
    if (Date.now() - begun > 10_000) throw new Error(`the token endpoint answered ${answer.status}: ${text}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

// `serve` until end(signal), which gives back what it logged.
export async function startServer(config) {
  const child = spawn(binary, ["--config", config, "serve"], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => {
    log += text;
    keepLog(text);
  });
  const port = await new Promise((done, fail) => {
    child.stdout.on("data", keepLog);
    child.stdout.on("data", (text) => /:(\d+) /.test(String(text)) && done(/127\.0\.0\.1:(\d+) /.exec(String(text))[1]));
    child.on("exit", (code) => fail(new Error(`serve ended with ${code}: ${log}`)));
  });
  const end = (signal = "SIGTERM") => new Promise((done) => {
    if (child.exitCode !== null) done(log);
    child.removeAllListeners("exit");
    child.on("exit", () => done(log));
    child.kill(signal);
  });
  return { url: `http://127.0.0.1:${port}`, end };
}

// The small witness of witness.mjs, gone after the test: { url, key, become(mode), held() }. `log`: its verifier key, or several.
export async function startWitness(t, name, ...log) {
  const child = spawn(process.execPath, [join(root, "tests/e2e/witness.mjs"), name, log.join(",")], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  const line = await new Promise((done, fail) => {
    child.stdout.once("data", (text) => done(String(text)));
    child.on("exit", (code) => fail(new Error(`the witness ended with ${code}`)));
  });
  child.removeAllListeners("exit");
  const { url, control, key } = JSON.parse(line);
  const ask = async (body) => (await fetch(control, { method: body ? "POST" : "GET", body })).json();
  return { url, key, become: (mode) => ask(JSON.stringify({ mode })), held: () => ask() };
}

// Changes an installation's settings.
export function edit(config, change) {
  const settings = JSON.parse(readFileSync(config, "utf8").replace(/^\/\/.*$/gm, ""));
  change(settings);
  writeFileSync(config, JSON.stringify(settings));
}

// One report pushed to an installation of pushedInstallation; `sync` takes it in.
export async function pushOneReport(at) {
  const server = await startServer(clientOf(at).config);
  const token = await tokenOf(server.url, at);
  const sent = await fetch(`${server.url}/api/v1/inbox/pushed`, {
    method: "POST", body: JSON.stringify({ PhanAnhID: "1", NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" }),
    headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": "k", "Content-Type": "application/x-ndjson" },
  });
  await server.end();
  if (sent.status !== 202) throw new Error(`the inbox answered ${sent.status}`);
}
