// Writes DIR/gateway.jsonc and its keys for the sandbox city described in DIR/city.json.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const dir = resolve(process.argv[2]);
const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const city = JSON.parse(readFileSync(join(dir, "city.json"), "utf8"));

function keyFile(name, text) {
  mkdirSync(join(dir, "keys"), { recursive: true, mode: 0o700 });
  const file = join(dir, "keys", name);
  if (!existsSync(file) || text) writeFileSync(file, text ?? randomBytes(32).toString("hex"), { mode: 0o600 });
  return `file:${file}`;
}

const sources = {};
for (const [id, platform] of Object.entries(city.platforms)) {
  if (platform.folder) {
    sources[id] = { folder: platform.folder };
    continue;
  }
  // Names as the manifest asks for them; an empty value stands for the platform's own secret.
  const secrets = {};
  for (const [name, value] of Object.entries(platform.secrets)) {
    secrets[name] = keyFile(`source-${id}-${name}`, value || platform.secret);
  }
  sources[id] = { base_url: platform.base_url, secrets, start: city.start };
  if (platform.unit_codes) sources[id].unit_codes = platform.unit_codes;
}

const config = {
  store: join(dir, "minhchung.db"),
  keys: { sealing: keyFile("sealing"), person_hmac: keyFile("person-hmac"), log_signing: keyFile("log-signing") },
  log_origin: "sandbox.minhchung.example/log",
  policies: join(root, "policies"),
  manifests: join(root, "connectors"),
  rules: join(root, "mapping/rules"),
  sources,
};
writeFileSync(join(dir, "gateway.jsonc"), `// Made by scripts/make-config.mjs for the sandbox city.\n${JSON.stringify(config, null, 2)}\n`);
