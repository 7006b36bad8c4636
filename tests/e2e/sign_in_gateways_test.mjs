// Goal: several gateways on one database behind one name are one to a browser: a sign-in that one began ends at another,
// and the session of one is good at the other.
// Method: two gateways on one PostgreSQL; the name is a proxy that gives each request to the other gateway than the last.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { edit, freePort, must, startCity, startServer } from "./lib.mjs";
import { postgresMissing, startPostgres } from "./postgres.mjs";

const skip = postgresMissing();
let postgres, city, base, name;
const gateways = [], served = [];

before(async () => {
  if (skip) return;
  const port = await freePort();
  base = `http://localhost:${port}`;
  postgres = await startPostgres();
  postgres.make("city");
  city = await startCity({ officials: 48, months: 1, signIn: base });
  edit(city.config, (settings) => Object.assign(settings, { store: postgres.uri("city"), sources: {}, listen: { port: 0 } }));
  must(city.config, "import", "directory", join(city.dir, "directory.json"));
  const other = join(city.dir, "gateway-2.jsonc");
  copyFileSync(city.config, other);
  for (const config of [city.config, other]) gateways.push(await startServer(config));
  name = createServer((from, to) => {
    const at = served.length % 2;
    served.push(`${at} ${from.method} ${from.url.split("?")[0]}`);
    const on = request(new URL(from.url, gateways[at].url), { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(to);
    });
    from.pipe(on);
  });
  await new Promise((done) => name.listen(port, "localhost", done));
});
after(async () => {
  name?.close();
  name?.closeAllConnections();
  for (const gateway of gateways) await gateway.end();
  city?.stop();
  await postgres?.stop();
});

test("a browser that is sent from gateway to gateway signs in, stays signed in, and signs out everywhere", { skip }, async () => {
  const person = new Browser();
  const { login, password } = city.city.sign_in.accounts.member;
  const page = await person.submit(await person.open(`${base}/sign-in/oidc?to=/`), { login, password });
  assert.equal(page.status, 200, page.text);
  const [begun, ended] = ["GET /sign-in/oidc", "GET /sign-in/oidc/callback"].map((step) => served.find((line) => line.endsWith(` ${step}`)));
  assert.ok(begun && ended && begun[0] !== ended[0], served.join("\n"));
  assert.equal(postgres.ask("city", "SELECT count(*) FROM sign_ins"), "0");
  const me = async () => (await person.go(`${base}/api/v1/me`, { headers: { Accept: "application/json" } })).status;
  for (let i = 0; i < 4; ++i) assert.equal(await me(), 200);
  await person.submit(await person.open(`${base}/`), {}, "sign-out");
  await new Promise((done) => setTimeout(done, 1_500)); // what one ended the other refuses within a second
  for (let i = 0; i < 2; ++i) assert.equal(await me(), 401);
});
