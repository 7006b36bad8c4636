// deploy/nginx/minhchung.conf in front of a gateway that runs: the same file, with ports, certificate and logs of ours.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, root } from "../e2e/lib.mjs";
import { keepLog } from "../e2e/logs.mjs";

const paths = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

export async function startSite(web, gatewayUrl) {
  mkdirSync(web);
  const logFolder = mkdtempSync(join(tmpdir(), "minhchung-nginx-"));  // outlives `web`, which may be gone when the site stops
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=minhchung.example",
    "-keyout", join(web, "privkey.pem"), "-out", join(web, "fullchain.pem")], { stdio: "ignore" });
  const [tls, plain] = [await freePort(), await freePort()];
  const moved = readFileSync(join(root, "deploy/nginx/minhchung.conf"), "utf8").replace("127.0.0.1:8480", new URL(gatewayUrl).host)
    .replace(/listen \[::\].*\n/g, "").replace("listen 443 ", `listen 127.0.0.1:${tls} `).replace("listen 80;", `listen 127.0.0.1:${plain};`)
    .replaceAll("/etc/minhchung/tls", web).replaceAll("/var/log/minhchung", logFolder);
  writeFileSync(join(web, "site.conf"), moved);
  writeFileSync(join(web, "nginx.conf"), `${process.getuid() === 0 ? "user root;" : ""} daemon off; pid ${web}/nginx.pid; error_log ${logFolder}/start.log;
    worker_processes 2; events { worker_connections 4096; } http {
    client_body_temp_path ${web}/body; proxy_temp_path ${web}/proxy; fastcgi_temp_path ${web}/f; uwsgi_temp_path ${web}/u; scgi_temp_path ${web}/s;
    include ${web}/site.conf; }`);
  const checked = spawnSync("nginx", ["-t", "-p", web, "-c", join(web, "nginx.conf")], { encoding: "utf8", env: paths });
  assert.equal(checked.status, 0, checked.stderr);
  const nginx = spawn("nginx", ["-p", web, "-c", join(web, "nginx.conf")], { stdio: "ignore", env: paths });
  const stopped = new Promise((done) => nginx.on("exit", done));
  const logs = () => readdirSync(logFolder).map((name) => readFileSync(join(logFolder, name), "utf8")).join("");
  const stop = async () => {
    nginx.kill("SIGTERM");
    await stopped;
    keepLog(logs());
    rmSync(logFolder, { recursive: true });
  };
  return { tls, web, logs, stop };
}
