// Loaded into the sandbox before it starts: whatever secret or personal number goes over its wires, either way, is told to
// logs.mjs. The bodies themselves pass untouched.
import { IncomingMessage, Server } from "node:http";
import { mustStaySecret } from "./logs.mjs";

const SECRETS = /(access_token|refresh_token|id_token|id_token_hint|logout_token|token|code_verifier|client_secret|secret|api_key|password)["']?\s*[:=]\s*["']?([\w.~+/%-]{10,})/gi;
const CODES = /[?&](?:code|state)=([\w-]{10,})/g; // of a sign-in, in addresses
// As people.mjs and dossiers.mjs make them: citizens' numbers, old papers (but the one that stands for none), phones.
const NUMBERS = /(?<!\d)(?:001\d{9}|099\d{9}|000(?!000001)\d{6}|0990\d{6})(?!\d)/g;

function look(text) {
  for (const [, name, value] of text.matchAll(SECRETS)) mustStaySecret(name, value, ...new URLSearchParams(`v=${value}`).values());
  for (const [, value] of text.matchAll(CODES)) mustStaySecret("code", value);
  mustStaySecret("number", ...(text.match(NUMBERS) ?? []));
}

function lookAtAuthorization(header = "") {
  const [scheme, value = ""] = header.split(" ");
  mustStaySecret("authorization", value);
  if (scheme !== "Basic") return;
  const [, password = ""] = Buffer.from(value, "base64").toString().split(/:(.*)/s);
  mustStaySecret("password", password);
}

const text = (chunk) => (typeof chunk === "string" || Buffer.isBuffer(chunk) ? String(chunk) : "");

function watch(request, response) {
  look(request.url);
  lookAtAuthorization(request.headers.authorization);
  let asked = "", said = "";
  request.push = function (chunk, encoding) {
    asked += text(chunk);
    if (chunk === null) look(asked);
    return IncomingMessage.prototype.push.call(this, chunk, encoding);
  };
  const { write, end } = response;
  response.write = function (chunk, ...rest) {
    said += text(chunk);
    return write.call(this, chunk, ...rest);
  };
  response.end = function (chunk, ...rest) {
    look(`${said}${text(chunk)}\n${this.getHeader("location") ?? ""}`);
    return end.call(this, chunk, ...rest);
  };
}

const { emit } = Server.prototype;
Server.prototype.emit = function (event, ...rest) {
  if (event === "request") watch(...rest);
  return emit.call(this, event, ...rest);
};

const { fetch } = globalThis;
globalThis.fetch = (url, options) => {
  look(String(options?.body ?? ""));
  return fetch(url, options);
};
