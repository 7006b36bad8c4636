// node keep_log.mjs PROGRAM [ARG...]: runs a C++ suite and keeps what it logs (stderr) beside the logs of the others.
import { spawn } from "node:child_process";
import { keepLog } from "./logs.mjs";

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ["inherit", "inherit", "pipe"] });
child.stderr.on("data", (bytes) => {
  process.stderr.write(bytes);
  keepLog(bytes);
});
child.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 127;
});
child.on("close", (code, signal) => {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code;
});
