// Goal: whatever strangers do at the edge, /healthz answers, a platform that has a token is served and so is somebody who is
// signed in; and nobody hides a request in another one's bytes.
// Method: the real nginx site in front of the real gateway. Floods hit nginx, and the gateway itself from beside it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { connect as connectPlain } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { test } from "node:test";
import { Browser } from "../e2e/browser.mjs";
import { clientOf, pushedInstallation, startScoredCity, startServer, tokenOf } from "../e2e/lib.mjs";
import { startSite } from "./site.mjs";

const CONNECTIONS = 900;
const SOON_MILLIS = 4_000;
const nginx = spawnSync("sh", ["-c", "command -v nginx"], { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } }).status === 0;
const skip = nginx ? false : "NOT CHECKED: nginx is not installed (scripts/install test)";
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";  // the site's certificate is its own
process.removeAllListeners("warning");

const wait = (millis) => new Promise((done) => setTimeout(done, millis));

async function edge(t) {
  const at = clientOf(pushedInstallation(t));
  const gateway = await startServer(at.config);
  const site = await startSite(join(at.dir, "web"), gateway.url);
  t.after(async () => { await site.stop(); await gateway.end(); });
  const base = `https://127.0.0.1:${site.tls}`;
  for (let i = 0; i < 100 && (await fetch(`${base}/healthz`).catch(() => null))?.status !== 200; ++i) await wait(50);
  const token = await tokenOf(base, at);
  let pushes = 0;
  // Health beside and through the proxy, and a message that is taken.
  const works = async (during) => {
    const begun = Date.now();
    const push = { method: "POST", body: "{}", headers: { authorization: `Bearer ${token}`, "idempotency-key": `k${++pushes}`, "content-type": "application/x-ndjson" } };
    const asked = await Promise.all([fetch(`${base}/healthz`), fetch(`${gateway.url}/healthz`), fetch(`${base}/api/v1/inbox/pushed`, push)]);
    assert.deepEqual(asked.map(({ status }) => status), [200, 200, 202], during);
    for (const answer of asked) await answer.arrayBuffer();
    assert.ok(Date.now() - begun < SOON_MILLIS, `${during}: ${Date.now() - begun} ms`);
  };
  await works("before");
  return { works, tls: site.tls, port: Number(new URL(gateway.url).port) };
}

// Connections that say `says` and then one more header every 200 ms; until stop().
async function flood(port, count, says) {
  const sockets = Array.from({ length: count }, () => {
    const socket = connectPlain(port, "127.0.0.1", () => socket.write(says)).on("error", () => {});
    return socket.on("data", () => {});
  });
  const drip = setInterval(() => sockets.forEach((socket) => socket.writable && says && socket.write("X-A: b\r\n")), 200);
  await wait(500);
  return () => { clearInterval(drip); sockets.forEach((socket) => socket.destroy()); };
}

test("900 connections at once that say nothing, or drip, hold nobody up", { skip }, async (t) => {
  const { works, tls, port } = await edge(t);
  for (const [during, at, says] of [["silent at nginx", tls, ""], ["silent at the gateway", port, ""],
    ["dripping at the gateway", port, "GET /healthz HTTP/1.1\r\nHost: x\r\n"],
    ["a body that drips", port, "POST /api/v1/inbox/pushed HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"]]) {
    const stop = await flood(at, CONNECTIONS, says);
    for (let i = 0; i < 3; ++i) await works(during);
    stop();
  }
});

test("heads that never end, and bodies that nobody asked for, are refused and hold nobody up", { skip }, async (t) => {
  const { works, tls, port } = await edge(t);
  const huge = `GET /healthz HTTP/1.1\r\nHost: x\r\n${`X-A: ${"a".repeat(4_000)}\r\n`.repeat(5)}`;
  const many = `GET /healthz HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 65 }, (_, i) => `X-${i}: a\r\n`).join("")}\r\n`;
  for (const says of [huge, many]) {
    const heard = await new Promise((done) => {
      let text = "";
      connectPlain(port, "127.0.0.1", function () { this.write(says); }).on("data", (part) => (text += part)).on("close", () => done(text)).on("error", () => {});
    });
    assert.match(heard, /^HTTP\/1\.1 431 /);
    const stop = await flood(port, 200, says);
    await works("heads that are too long");
    stop();
  }
  const answer = await fetch(`https://127.0.0.1:${tls}/api/v1/inbox/pushed`, { method: "POST", body: "x".repeat(17 << 20) }).catch(() => null);
  assert.ok(answer === null || answer.status === 413 || answer.status === 429, String(answer?.status));
  await works("after a body that is too long");
});

// Everything that comes back for these bytes, over TLS.
const said = (port, bytes) => new Promise((done) => {
  let text = "";
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] }, () => socket.write(bytes));
  socket.on("data", (part) => (text += part)).on("error", () => {}).on("close", () => done(text)).setTimeout(1_500, () => socket.destroy());
});

test("no form of request smuggling brings a hidden request through nginx to the gateway", { skip }, async (t) => {
  const { works, tls } = await edge(t);
  const hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  const post = (fields, body) => `POST /api/v1/inbox/pushed HTTP/1.1\r\nHost: x\r\n${fields}\r\n${body}`;
  const forms = {
    "length and chunks": post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${hidden}`),
    "chunks and length": post(`Transfer-Encoding: chunked\r\nContent-Length: ${5 + hidden.length}\r\n`, `0\r\n\r\n${hidden}`),
    "two lengths": post(`Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n`, hidden),
    "two lengths in one": post(`Content-Length: 0, ${hidden.length}\r\n`, hidden),
    "another coding": post(`Transfer-Encoding: xchunked\r\nContent-Length: ${hidden.length}\r\n`, hidden),
    "chunked twice": post("Transfer-Encoding: chunked, chunked\r\n", `0\r\n\r\n${hidden}`),
    "a tab before chunked": post(`Transfer-Encoding:\tchunked\r\nContent-Length: ${5 + hidden.length}\r\n`, `0\r\n\r\n${hidden}`),
    "a blank before the colon": post(`Content-Length: ${hidden.length}\r\nTransfer-Encoding : chunked\r\n`, hidden),
    "a folded coding": post(`Content-Length: ${hidden.length}\r\nTransfer-Encoding:\r\n chunked\r\n`, hidden),
    "an underscore": post(`Content-Length: ${hidden.length}\r\nTransfer_Encoding: chunked\r\n`, hidden),
    "a body of GET": `GET /log/checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    "a length that is signed": post(`Content-Length: +${hidden.length}\r\n`, hidden),
  };
  assert.match(await said(tls, hidden + hidden), /ok\n[\s\S]*ok\n/, "an open second request is heard");
  for (const [form, bytes] of Object.entries(forms)) {
    const heard = await said(tls, bytes);
    assert.match(heard, /^HTTP\/1\.1 [45]/, form);
    assert.ok(!heard.includes("ok\n"), `${form}: ${heard}`);
    await wait(60);  // below the site's rate
  }
  await wait(1_000);
  await works("after them");
});

test("a sign-in's code is in no log of nginx, whether the gateway answers, fails or is asked too often", { skip }, async (t) => {
  const at = clientOf(pushedInstallation(t));
  const gateway = await startServer(at.config);
  const site = await startSite(join(at.dir, "web"), gateway.url);
  t.after(async () => { await site.stop(); await gateway.end(); });
  const code = "c0de-that-nobody-may-read-in-a-log";
  const callback = () => fetch(`https://127.0.0.1:${site.tls}/sign-in/oidc/callback?code=${code}&state=${code}`, { redirect: "manual" }).then((answer) => answer.status);
  for (let i = 0; i < 100 && (await callback().catch(() => 502)) === 502; ++i) await wait(50);
  const often = await Promise.all(Array.from({ length: 200 }, callback));
  assert.ok(often.some((status) => status >= 429), `nothing was refused: ${new Set(often)}`);
  await gateway.end();
  for (let i = 0; i < 100 && (await callback()) !== 502; ++i) await wait(50);
  assert.equal(await callback(), 502);
  const logs = site.logs();
  assert.match(logs, /GET \/sign-in\/oidc\/callback 502/);
  assert.ok(!logs.includes(code), logs.split("\n").find((line) => line.includes(code)));
});

test("whoever is signed in opens their score through nginx beside every flood, and a stranger does not", { skip }, async (t) => {
  const { city, base } = await startScoredCity({ officials: 48 });
  t.after(() => city.stop());
  const gateway = await startServer(city.config);
  const site = await startSite(join(city.dir, "web"), gateway.url);
  t.after(async () => { await site.stop(); await gateway.end(); });
  const { login, password } = city.city.sign_in.accounts.member;
  const person = new Browser();
  await person.submit(await person.open(`${base}/sign-in/oidc?to=/`), { login, password });
  const Cookie = `__Host-minhchung=${person.cookies.get("__Host-minhchung")}`;
  const path = `/people/${login}/sheets/2026-06`;
  const through = (at, headers = {}) => fetch(`https://127.0.0.1:${site.tls}${at}`, { redirect: "manual", headers: { Accept: "text/html", Cookie, ...headers } });
  const works = async (during) => {
    const begun = Date.now();
    const [page, sheet, stranger, healthy] = await Promise.all([through(path), through(`/api/v1${path}`), through(path, { Cookie: "" }), through("/healthz")]);
    assert.deepEqual([page.status, sheet.status, stranger.status, healthy.status], [200, 200, 303, 200], during);
    assert.match(await page.text(), /<h1>/);
    assert.equal((await sheet.json()).person, login);
    assert.ok(Date.now() - begun < SOON_MILLIS, `${during}: ${Date.now() - begun} ms`);
    assert.equal((await through(`/api/v1${path}`, { "If-None-Match": sheet.headers.get("etag") })).status, 304);
  };
  for (let i = 0; i < 100 && (await fetch(`https://127.0.0.1:${site.tls}/healthz`).catch(() => null))?.status !== 200; ++i) await wait(50);
  await works("before");
  const port = Number(new URL(gateway.url).port);
  for (const [during, at, says] of [["silent at nginx", site.tls, ""], ["dripping at the gateway", port, "GET / HTTP/1.1\r\nHost: x\r\n"],
    ["cookies that are nobody's", port, `GET ${path} HTTP/1.1\r\nHost: x\r\nCookie: __Host-minhchung=${"A".repeat(43)}\r\n\r\n`]]) {
    const stop = await flood(at, CONNECTIONS, says);
    await works(during);
    stop();
    await wait(1_000);  // below the site's rate
  }
  assert.equal((await through(path, { "X-Forwarded-For": "10.0.0.1", Forwarded: "for=10.0.0.1" })).status, 200);
  for (const method of ["POST", "PUT", "DELETE"]) {
    assert.equal((await fetch(`https://127.0.0.1:${site.tls}${path}`, { method, headers: { Cookie } })).status, 403, method);
  }
});
