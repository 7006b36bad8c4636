// Makes one recording anew: a sandbox city, and `sync --record` of the built program against it.
//   node tests/golden/recordings/record.mjs NAME    a row of cities.json
//   UPDATE_GOLDEN=1 build/dev/tests/gateway_test -tc='replay: every*'
// Few records: the pull starts in the last days of the city's months.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importCity, must, root } from "../../e2e/lib.mjs";

const here = join(root, "tests/golden/recordings");
const name = process.argv[2];
const { source, start, dialects, ...world } = JSON.parse(readFileSync(join(here, "cities.json"), "utf8"))[name];
const dir = mkdtempSync(join(tmpdir(), "minhchung-record-"));
const asked = Object.entries({ ...world, dialects: dialects ?? "", out: dir });
const options = asked.flatMap(([key, value]) => [`--${key}`, String(value)]);
const city = spawn(process.execPath, [join(root, "sandbox/city.mjs"), ...options, "--exit-with-parent"], {
  stdio: ["ignore", "pipe", "inherit"],
});
await new Promise((done) => city.stdout.once("data", done));

const about = JSON.parse(readFileSync(join(dir, "city.json"), "utf8"));
writeFileSync(join(dir, "city.json"), JSON.stringify({ ...about, start }));
execFileSync(process.execPath, [join(root, "scripts/make-config.mjs"), dir]);
importCity({ dir, config: join(dir, "gateway.jsonc") });
console.log(must(join(dir, "gateway.jsonc"), "sync", "--record", join(dir, "recorded"), source));
rmSync(join(here, name), { recursive: true, force: true });
cpSync(join(dir, "recorded", source), join(here, name), { recursive: true });
city.kill("SIGTERM");
rmSync(dir, { recursive: true });
