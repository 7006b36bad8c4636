// The real program under tests/crash/fault_shim.cc.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { binary, root } from "../e2e/lib.mjs";
import { keepLog } from "../e2e/logs.mjs";

export const shim = process.env.MC_FAULT_SHIM ?? join(root, "build/dev/tests/libfault_shim.so");

// A small generator, so that what failed can be run again from the seed that was printed.
export function seeded(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

// Of the environment; an argument of this process wins over nothing, so that a run can be repeated.
export const seed = Number(process.env.MC_CRASH_SEED ?? 7);

// What the shim is told: the `at`-th call of `call` below `under` meets `deed`; at 0 it only counts.
export function fault({ under, call = "any", at = 0, deed = "", told = "", clock = "" }) {
  const env = { ...process.env, LD_PRELOAD: shim, MC_FAULT_UNDER: under, MC_FAULT_CALL: call, MC_FAULT_AT: String(at) };
  if (deed) env.MC_FAULT_DO = deed;
  if (told) env.MC_FAULT_TOLD = told;
  if (clock) env.MC_CLOCK_FILE = clock;
  return env;
}

// Starts a command; `ended` is { code, signal, stdout, stderr }.
export function start(config, args, { env = process.env, cwd } = {}) {
  const child = spawn(binary, ["--config", config, ...args], { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (out.stdout += text));
  child.stderr.on("data", (text) => (out.stderr += text));
  const ended = new Promise((done) => child.on("close", (code, signal) => {
    keepLog(out.stdout + out.stderr);
    done({ code, signal, ...out });
  }));
  return { child, ended, out };
}

// What the shim told, and an empty file for the next time: { met: "open /path" or "", counted }.
export function told(file) {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
    rmSync(file);
  } catch { /* it met nothing, and was killed */ }
  const met = /^met (.*) \d+$/m.exec(text)?.[1] ?? "";
  return { met, counted: Number(/^counted (\d+)$/m.exec(text)?.[1] ?? 0) };
}

// The server's port once it listens, or null when it ended before.
export function listening({ child, ended, out }) {
  return new Promise((done) => {
    const look = () => { const at = /127\.0\.0\.1:(\d+) /.exec(out.stdout); if (at) done(Number(at[1])); };
    child.stdout.on("data", look);
    ended.then(() => done(null));
  });
}
