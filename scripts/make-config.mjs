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

// A profile of sso/profiles with the sandbox's addresses in place of the real ones; `open`: paths that it leaves open.
function sandboxProfile(id, address, open = {}) {
  const profile = JSON.parse(readFileSync(join(root, `sso/profiles/${id}.json`), "utf8").replace(/^\s*\/\/.*$/gm, ""));
  for (const [name, url] of Object.entries(profile.endpoints ?? {})) profile.endpoints[name] = address + new URL(url).pathname;
  for (const [name, path] of Object.entries(open)) profile.endpoints[name] = address + path;
  mkdirSync(join(dir, "profiles"), { recursive: true });
  writeFileSync(join(dir, `profiles/${id}.json`), JSON.stringify({ ...profile, address }, null, 2));
}

// For the gateway at the address that the sandbox's providers know (sandbox/city.mjs --sign-in).
function signIn({ base, providers }) {
  const provider = (id, title, { open, ...more }) => {
    sandboxProfile(id, providers[id].address, open);
    const client_secret = keyFile(`sign-in-${id}`, providers[id].clients[id].secret);
    return { profile: id, title, client_id: id, client_secret, ...more };
  };
  return {
    public_url: base,
    contact: "Phòng Nội vụ của thành phố mô phỏng",
    profiles: join(dir, "profiles"),
    providers: {
      oidc: provider("oidc", "Nhà cung cấp thử OpenID Connect", { least_level: "LoA1", step_up_level: "LoA2", relaxations: { plain_loopback: true } }),
      vnconnect: provider("vnconnect", "Cổng Dịch vụ công quốc gia (thử)", {
        issuer: providers.vnconnect.issuer, relaxations: { plain_loopback: true, issuer_differs: true } }),
      vneid: provider("vneid", "VNeID (thử)", {
        open: { token: "/token", userinfo: "/userinfo" }, private_key: keyFile("sign-in-vneid-key", providers.vneid.private_key),
        least_level: "2", relaxations: { plain_loopback: true } }),
    },
  };
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
if (city.sign_in) {
  config.sign_in = signIn(city.sign_in);
  config.listen = { port: Number(new URL(city.sign_in.base).port) };
}
writeFileSync(join(dir, "gateway.jsonc"), `// Made by scripts/make-config.mjs for the sandbox city.\n${JSON.stringify(config, null, 2)}\n`);
