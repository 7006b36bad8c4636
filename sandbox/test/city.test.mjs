// Goal: the entry does what its users rely on: files, ready line, credentials, end.
// Method: start it as a process of its own on free ports.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../city.mjs', import.meta.url));
const folder = (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
};
const load = (dir, name) => JSON.parse(readFileSync(join(dir, name), 'utf8'));

async function start(dir) {
  const child = spawn(process.execPath, [ENTRY, '--officials', '48', '--out', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return { child, line: text };
}

test('writes its files, answers with the credential only, ends on SIGTERM', async (t) => {
  const dir = folder(t);
  const { child, line } = await start(dir);
  t.after(() => child.kill('SIGKILL'));
  assert.match(line, /^ready .*\n$/);
  const city = load(dir, 'city.json');
  assert.deepEqual(city.periods, ['2026-04', '2026-05', '2026-06']);
  assert.equal(load(dir, 'directory.json').schema, 'minhchung/directory@1');
  assert.equal(load(dir, 'assessments.json').schema, 'minhchung/assessments@1');
  const { base_url, secret } = city.platforms.documents;
  const url = `${base_url}/v1/syncReceivedEdocList?messageType=edoc&fromDate=2026/04/01&toDate=2026/06/30`;
  assert.equal((await fetch(url)).status, 401);
  assert.equal((await fetch(url, { headers: { 'X-SecretKey': secret } })).status, 200);
  assert.equal((await (await fetch(`${city.truth}/truth?period=2026-06`)).json()).sheets.length, 48);
  assert.equal((await fetch(`${city.truth}/truth?period=2026-13`)).status, 400);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
});

test('wrong use ends with 2 and a sentence', () => {
  for (const args of [
    [],
    ['--out', '/tmp/x', '--officials', '47'],
    ['--out', '/tmp/x', '--end', '2026-13'],
    ['--nonsense'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [ENTRY, ...args], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /^sandbox: .+/);
  }
});

test('--write-truth and --write-files write and end', (t) => {
  const dir = folder(t);
  const { status } = spawnSync(process.execPath, [
    ENTRY,
    '--officials',
    '48',
    '--out',
    dir,
    '--write-truth',
    '--write-files',
  ]);
  assert.equal(status, 0);
  assert.equal(load(dir, 'truth-2026-06.json').period, '2026-06');
  assert.ok(load(dir, 'files/hanoiwork/tasks-0001.json').PageData.length > 0);
});
