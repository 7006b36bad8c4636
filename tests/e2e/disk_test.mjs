// Goal: a store's disk that is full, out of inodes or read-only stops a command with one sentence that says what to do;
// nothing acknowledged is lost, and once there is room the next run ends with the sheets of a city that never met it.
// Method: a small tmpfs in a mount namespace of its own (unshare); where that is not allowed, skipped with a loud line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { binary, edit, importCity, must, score, startCity } from "./lib.mjs";
import { keepLog } from "./logs.mjs";

const period = "2026-05";
const allowed = spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status === 0;
if (!allowed) console.log("NOT CHECKED: full and read-only disks: unshare -m and mount are not allowed here");

// Runs `script` with the small disk at $disk; `sync` gives its exit code and errors to files beside.
function onSmallDisk(city, options, script) {
  const disk = join(city.dir, "disk");
  mkdirSync(disk, { recursive: true });
  edit(city.config, (all) => (all.store = join(disk, "minhchung.db")));
  const file = join(city.dir, "script.sh");
  writeFileSync(file, `set -u
mount -t tmpfs -o ${options} none '${disk}'
disk='${disk}' out='${city.dir}'
mc() { '${binary}' --config '${city.config}' "$@"; }
step() { name=$1; shift; mc "$@" >"$out/$name.out" 2>"$out/$name.err"; echo "$name $?"; }
mc import directory '${city.dir}/directory.json' >&2
${script}
`);
  const ran = spawnSync("unshare", ["-m", "bash", file], { encoding: "utf8" });
  for (const name of readdirSync(city.dir).filter((n) => /\.(err|out)$/.test(n))) keepLog(readFileSync(join(city.dir, name), "utf8"));
  assert.equal(ran.status, 0, ran.stderr);
  const said = (name) => spawnSync("cat", [join(city.dir, `${name}.err`)], { encoding: "utf8" }).stdout;
  const printed = (name) => spawnSync("cat", [join(city.dir, `${name}.out`)], { encoding: "utf8" }).stdout;
  return { codes: Object.fromEntries(ran.stdout.trim().split("\n").map((line) => line.split(" "))), said, printed };
}

const finish = `step first sync
step fsck_before fsck
`;
const goOn = `step second sync
mc import catalogue "$catalogue" >&2; mc import assessments '$out/assessments.json' >&2
step fsck_after fsck
step sheets --json score --period ${period}
`;

test("full, out of inodes, read-only: stopped, named, and gone on without loss", { skip: !allowed }, async (t) => {
  const city = await startCity({ seed: 7, officials: 48, months: 2, honest: true });
  t.after(() => city.stop());
  const plain = city.config;
  importCity(city);
  must(plain, "sync");
  const sheets = JSON.stringify(score(plain, period).subjects);
  const after = goOn.replace("$catalogue", new URL("../../policies/catalogue-demo-2026.json", import.meta.url).pathname)
    .replaceAll("$out", city.dir);
  const holds = (ran, code, reason) => {
    assert.equal(ran.codes.first, code, ran.said("first"));
    assert.match(ran.said("first"), reason);
    for (const name of ["fsck_before", "second", "fsck_after", "sheets"]) assert.equal(ran.codes[name], "0", `${name}: ${ran.said(name)}`);
    assert.equal(JSON.stringify(JSON.parse(ran.printed("sheets")).subjects), sheets);
  };
  holds(onSmallDisk(city, "size=6m", `${finish}mount -o remount,size=256m "$disk"\n${after}`), "3", /store_(full|io)\].*(make room|look at the disk)/s);
  holds(onSmallDisk(city, "size=256m", `mount -o remount,ro "$disk"\nstep first sync\nmount -o remount,rw "$disk"\nstep fsck_before fsck\n${after}`),
    "3", /store_readonly\].*writable/s);
  // Room for bytes and none for another file: the store itself goes on, what wants a new file says so.
  const inodes = onSmallDisk(city, "size=256m,nr_inodes=8", `step first sync\nstep fsck_before fsck
i=0; while touch "$disk/fill-$i" 2>/dev/null; do i=$((i+1)); done
step full log export "$disk/export"\nrm -f "$disk"/fill-*\nmount -o remount,nr_inodes=1000 "$disk"\n${after}`);
  assert.equal(inodes.codes.full, "3", inodes.said("full"));
  assert.match(inodes.said("full"), /còn tệp.*room for a file more/s);
  assert.equal(JSON.stringify(JSON.parse(inodes.printed("sheets")).subjects), sheets);
});
