// What the suite's processes logged, and every secret and personal number that its tests used, side by side in a folder of
// the build (MC_E2E_LOGS; without it nothing is kept). logs_check.mjs looks for the one in the other when all tests have run.
import { appendFileSync, mkdirSync, openSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.MC_E2E_LOGS;
const file = (kind) => join(folder, `${basename(process.argv[1] ?? "node")}-${process.pid}.${kind}`);
const known = new Set();

export const SHORTEST = 8; // of a value that can be told from chance

if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 });

export function keepLog(text) {
  if (folder && text) appendFileSync(file("log"), text);
}

// For the stdio of a process whose log nobody reads; `otherwise` without MC_E2E_LOGS.
export function logFile(otherwise = "ignore") {
  return folder ? openSync(file("log"), "a", 0o600) : otherwise;
}

// These values, of the kind that `what` names, must be in no log.
export function mustStaySecret(what, ...values) {
  if (!folder) return;
  const fresh = values.flatMap((v) => String(v ?? "").split("\n")).filter((v) => v.length >= SHORTEST && !known.has(v) && known.add(v));
  if (fresh.length) appendFileSync(file("values"), fresh.map((v) => `${JSON.stringify([what, v])}\n`).join(""), { mode: 0o600 });
}

// Of the sandbox's node: logs_of_sandbox.mjs tells what goes over its wires.
export const sandboxFlags = folder ? ["--import", fileURLToPath(new URL("logs_of_sandbox.mjs", import.meta.url))] : [];
