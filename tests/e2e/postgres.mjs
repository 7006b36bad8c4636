// Debian's PostgreSQL for one test file: a temporary folder, a free loopback port, gone with the test.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./lib.mjs";

const versions = "/usr/lib/postgresql";

// Where it is not installed, tests are skipped with a loud line; never in CI, where starting it then fails.
export function postgresMissing() {
  if (process.env.CI === "true" || existsSync(versions)) return false;
  console.error("\n*** SKIPPED: PostgreSQL is not installed (scripts/install test). ***\n");
  return "PostgreSQL is not installed";
}

// It refuses root.
const asOwner = process.getuid() === 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT"] : [];

function call(words, options) {
  const [program, ...rest] = [...asOwner, ...words];
  return execFileSync(program, rest, { encoding: "utf8", ...options });
}

// { uri(database), ask(database, sql), make(database), stop() }
export async function startPostgres({ fsync = false, settings: more = {} } = {}) {
  const version = readdirSync(versions).sort((a, b) => Number(a) - Number(b)).at(-1);
  const bin = join(versions, version, "bin");
  const dir = mkdtempSync(join(existsSync("/dev/shm") && !fsync ? "/dev/shm" : tmpdir(), "minhchung-postgres-"));
  if (asOwner.length) execFileSync("chown", ["postgres:postgres", dir]);
  else chmodSync(dir, 0o700);
  const data = join(dir, "data");
  call([join(bin, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"], { stdio: "pipe" });
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: dir, max_connections: 60,
    fsync: fsync ? "on" : "off", max_wal_size: "2GB", ...more };
  const [program, ...rest] = [...asOwner, join(bin, "postgres"), "-D", data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const child = spawn(program, rest, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => (log += text));
  const uri = (database) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  const ask = (database, sql) =>
    execFileSync(join(bin, "psql"), ["-XAt", "-F", "|", "-v", "ON_ERROR_STOP=1", uri(database), "-c", sql],
      { encoding: "utf8", maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "pipe"] }).trimEnd();
  for (let tries = 0; ; ++tries) {
    try {
      ask("postgres", "SELECT 1");
      break;
    } catch (error) {
      if (tries > 100 || child.exitCode !== null) throw new Error(`PostgreSQL does not start: ${error}\n${log}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  const make = (database) => ask("postgres", `CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`);
  const stop = () => new Promise((done) => {
    child.on("exit", () => {
      rmSync(dir, { recursive: true, force: true });
      done();
    });
    child.kill("SIGQUIT");
  });
  return { uri, ask, make, stop };
}
