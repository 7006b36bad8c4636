// Goal: what deploy/ says is what the product does: every metric of an alert is one of /metrics, every setting and flag
// of the unit exists, the site of nginx passes on exactly what the gateway reads, within its limits.
// Method: the files read beside the sources; and the site itself in front of the real gateway, TLS and HTTP/2 included.
// promtool, systemd-analyze, nginx, logrotate are asked where they are installed; where not, a line says so.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binary, clientOf, must, pushedInstallation, root, run, startServer } from "../e2e/lib.mjs";
import { startSite } from "./site.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const withoutNotes = (text) => text.replace(/^\s*#.*$/gm, "").replace(/\s#.*$/gm, "");
const paths = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const have = (tool) => spawnSync("sh", ["-c", `command -v ${tool}`], { env: paths }).status === 0;
function needs(t, tool) {
  if (have(tool)) return true;
  t.skip(`NOT CHECKED: ${tool} is not installed (scripts/install deploy)`);
  return false;
}

test("every metric of an alert is one of the program's, and each alert says what to do", async (t) => {
  const known = new Set(read("gateway/metrics.cc").match(/"minhchung_[a-z_]+"/g).map((name) => name.slice(1, -1)));
  const rules = withoutNotes(read("deploy/prometheus/minhchung.rules.yml"));
  const alerts = rules.split("- alert:").slice(1);
  assert.ok(alerts.length > 10);
  for (const alert of alerts) {
    const expr = /expr: (.*)/.exec(alert)[1];
    for (const name of expr.match(/minhchung_[a-z_]+/g) ?? []) assert.ok(known.has(name), `${name} in ${expr}`);
    assert.match(alert, /summary: /);
    assert.match(alert, /todo: /);
    for (const [, command] of alert.matchAll(/minhchung-ctl ([a-z-]+)/g)) {
      assert.equal(spawnSync(binary, [command, "--help"]).status, 0, `minhchung-ctl ${command}`);
    }
  }
  // And those that a running server shows are among those that the sources name.
  const at = pushedInstallation(t);
  const server = await startServer(at.config);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  await server.end();
  const shown = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  assert.ok(shown.includes("minhchung_store_up"));
  for (const name of shown) assert.ok(known.has(name), name);
});

test("promtool takes the rules, and they fire when they should", (t) => {
  if (!needs(t, "promtool")) return;
  for (const args of [["check", "rules", "minhchung.rules.yml"], ["test", "rules", "minhchung.rules.test.yml"]]) {
    const said = spawnSync("promtool", args, { cwd: join(root, "deploy/prometheus"), encoding: "utf8" });
    assert.equal(said.status, 0, said.stdout + said.stderr);
  }
});

test("unit, settings and keys name the same things, and the program reads those settings", (t) => {
  const unit = withoutNotes(read("deploy/systemd/minhchung.service"));
  const credentials = [...unit.matchAll(/^LoadCredential=(\w+):(\S+)$/gm)].map(([, name, from]) => [name, from]);
  const settings = read("deploy/gateway.jsonc");
  for (const [, key] of settings.matchAll(/"file:\/run\/credentials\/minhchung\.service\/(\w+)"/g)) {
    assert.ok(credentials.some(([name]) => key === name || key.startsWith(`${name}_`)), `${key} has no LoadCredential`);
  }
  for (const [name, from] of credentials) assert.equal(from, `/etc/minhchung/keys/${name}`);
  const [, program, flags] = /^ExecStart=(\S+) (.*)$/m.exec(unit);
  assert.equal(program, "/usr/lib/minhchung/minhchung");
  assert.equal(flags, "--config /etc/minhchung/gateway.jsonc serve");
  assert.match(execFileSync(binary, ["--help"], { encoding: "utf8" }), /--config[\s\S]*\n {2}serve /);
  const writable = /^ReadWritePaths=(.*)$/m.exec(unit)[1].split(" ");
  assert.ok(writable.some((path) => /"store": "([^"]+)"/.exec(settings)[1].startsWith(`${path}/`)), "the store's folder");

  // The settings, moved to a folder of ours; what deploy/install puts below /usr/share/minhchung stands in this checkout.
  const shared = /^for pair in (.*); do$/m.exec(read("deploy/install"))[1].split(" ").map((pair) => pair.split(":"));
  for (const [, to] of shared) assert.ok(settings.includes(`"/usr/share/minhchung/${to}"`), `${to} is installed and not named`);
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const [name, digit] of [["sealing", "a"], ["person_hmac", "b"], ["log_signing", "c"], ["token_signing", "d"]]) {
    writeFileSync(join(dir, name), digit.repeat(64), { mode: 0o600 });
  }
  let moved = settings.replaceAll("/run/credentials/minhchung.service", dir).replaceAll("/var/lib/minhchung", dir);
  for (const [from, to] of shared) moved = moved.replaceAll(`/usr/share/minhchung/${to}`, join(root, from));
  const config = join(dir, "gateway.jsonc");
  writeFileSync(config, moved, { mode: 0o644 });
  must(config, "import", "catalogue", join(root, "policies/catalogue-demo-2026.json"));
  const { findings } = JSON.parse(run(config, "--json", "doctor").stdout);
  assert.deepEqual(findings.filter((f) => f.state === "fault"), []);

  // Signing in finds its profile: what is left to complain of is the provider, which is not there.
  const providers = { vneid: { profile: "oidc", client_id: "c", client_secret: `file:${dir}/sealing`, address: "http://127.0.0.1:1", relaxations: { plain_loopback: true } } };
  writeFileSync(config, moved.replace('"sign_in": {', `"sign_in": { "public_url": "https://minhchung.example", "providers": ${JSON.stringify(providers)},`));
  const provider = JSON.parse(run(config, "--json", "doctor").stdout).findings.find((f) => f.check === "provider");
  assert.equal(provider.code, "discovery_unreachable");
});

test("systemd takes the unit, and calls it well closed", (t) => {
  if (!needs(t, "systemd-analyze")) return;
  const file = join(root, "deploy/systemd/minhchung.service");
  const said = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  const faults = (said.stdout + said.stderr).split("\n").filter((line) => line.includes("minhchung.service") && !line.includes("is not executable"));
  assert.deepEqual(faults, []);
  const exposure = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=15", file], { encoding: "utf8" });
  assert.equal(exposure.status, 0, exposure.stdout + exposure.stderr);
});

test("logrotate takes its file", (t) => {
  if (!needs(t, "logrotate")) return;
  const dir = mkdtempSync(join(tmpdir(), "minhchung-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const said = spawnSync("logrotate", ["-d", "-s", join(dir, "state"), join(root, "deploy/logrotate/minhchung")], { encoding: "utf8", env: paths });
  assert.equal(said.status, 0, said.stderr);
  assert.doesNotMatch(said.stderr, /error:/);
});

// One request through the site, by curl: Debian's speaks HTTP/2.
function ask(port, path, ...args) {
  const said = spawnSync("curl", ["-sk", "--max-time", "20", "-o", "-", "-w", "\n%{http_code} %{http_version}", ...args, `https://127.0.0.1:${port}${path}`],
    { encoding: "utf8", maxBuffer: 1 << 26 });
  const [, body, code, version] = /^([\s\S]*)\n(\d+) (\S+)$/.exec(said.stdout);
  return { body, code: Number(code), version };
}

test("the site of nginx in front of the gateway: TLS, HTTP/2, what is passed on, limits", async (t) => {
  const site = read("deploy/nginx/minhchung.conf");
  const passed = [...site.matchAll(/proxy_set_header (\S+)/g)].map(([, name]) => name.toLowerCase());
  for (const [, header] of read("gateway/inbox_http.cc").matchAll(/"((?:idempotency|minhchung)-[a-z-]+)"/g)) assert.ok(passed.includes(header), header);
  for (const name of passed) assert.doesNotMatch(name, /forwarded|real-ip|remote/);
  assert.match(site, /server 127\.0\.0\.1:8480;/);
  if (!needs(t, "nginx") || !needs(t, "curl")) return;

  const at = clientOf(pushedInstallation(t));
  const gateway = await startServer(at.config);
  const { tls, logs, stop } = await startSite(join(at.dir, "web"), gateway.url);
  t.after(async () => { await stop(); await gateway.end(); });
  for (let i = 0; i < 100 && ask(tls, "/healthz").code !== 200; ++i) await new Promise((done) => setTimeout(done, 50));

  const health = ask(tls, "/healthz");
  assert.deepEqual([health.code, health.version], [200, "2"]);
  assert.equal(ask(tls, "/healthz", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0").code, 0);
  assert.equal(ask(tls, "/metrics").code, 200);  // from this machine
  assert.equal(ask(tls, "/nothing").code, 404);
  assert.equal(ask(tls, "/log/checkpoint", "-X", "DELETE").code, 403);

  const asked = ask(tls, "/oauth/token", "-u", `${at.client}:${at.secret}`, "-d", "grant_type=client_credentials");
  assert.equal(asked.code, 200, asked.body);
  at.token = JSON.parse(asked.body).access_token;
  assert.equal(ask(tls, "/oauth/token", "-u", `${at.client}:no`, "-d", "grant_type=client_credentials").code, 401);
  assert.equal(ask(tls, "/oauth/token").code, 403);
  assert.equal(JSON.parse(ask(tls, "/oauth/jwks").body).keys.length, 1);
  const body = join(at.dir, "body");
  const push = (...args) => ask(tls, "/api/v1/inbox/pushed", "--data-binary", `@${body}`, "-H", `Authorization: Bearer ${at.token}`, "-H", "Expect:",
    "-H", "Content-Type: application/x-ndjson", ...args);
  writeFileSync(body, JSON.stringify({ PhanAnhID: "1", NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" }));
  assert.equal(push("-H", "Idempotency-Key: a", "-H", "Minhchung-Record-Count: 1", "-H", "Minhchung-Complete-Through: 2026-06-02T00:00:00Z").code, 202);
  assert.equal(push().code, 400, "no key");
  assert.equal(push("-H", "Idempotency-Key: b", "-H", "Minhchung-Record-Count: many").code, 400, "the count is passed on");
  writeFileSync(body, Buffer.alloc(16 * 1024 * 1024 + 1, " "));
  assert.equal(push("-H", "Idempotency-Key: c").code, 413);
  writeFileSync(body, Buffer.concat([Buffer.from("{}"), Buffer.alloc(16 * 1024 * 1024 - 2, "\n")]));
  assert.equal(push("-H", "Idempotency-Key: d").code, 202, "a message at the limit");
  // A burst is slowed down here, not there.
  // One client, so that a busy machine does not spread it over seconds.
  const burst = spawnSync("curl", ["-sk", "-Z", "-o", "/dev/null", "-w", "%{http_code}\n", `https://127.0.0.1:${tls}/healthz?[1-300]`], { encoding: "utf8" });
  const codes = burst.stdout.trim().split("\n").map(Number);
  assert.equal(codes.length, 300);
  assert.ok(codes.includes(200));
  assert.ok(codes.includes(429) && codes.every((code) => code === 200 || code === 429), String(codes));
  // What is logged of a request names nobody's key, header or query.
  await new Promise((done) => setTimeout(done, 100));
  const log = logs();
  assert.match(log, /POST \/api\/v1\/inbox\/pushed 202/);
  for (const secret of [at.token, at.secret]) assert.ok(!log.includes(secret));
});
