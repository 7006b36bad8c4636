// Goal: the benchmarks still build, run to their end and tell every figure. No figure is judged here.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { postgresMissing, startPostgres } from '../e2e/postgres.mjs'

const run = promisify(execFile)
const bench = process.env.MC_BENCH
const PAGES = '2'
const REVISIONS = '2000'
const RECORDS = '5000'

let environment = {}

// Ends with 1 when a target is missed, which says nothing of a build for tests on a busy machine.
const report = async (...args) => {
  const done = await run(bench, [...args, RECORDS], { env: { ...process.env, ...environment } }).then(({ stdout }) => ({ code: 0, stdout }), (error) => error)
  assert.ok(done.code === 0 || done.code === 1, `${done.signal ?? done.code}: ${done.stderr}`)
  return done.stdout
}

test('every benchmark runs over a tiny corpus', async (t) => {
  const work = await mkdtemp(join(tmpdir(), 'mc-bench-'))
  const server = createServer(async (request, response) => {
    const page = new URL(request.url, 'http://127.0.0.1').searchParams.get('trang')
    response.setHeader('content-type', 'application/json')
    response.end(await readFile(join(work, 'pages', `${Number(page)}.json`)))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(work, { recursive: true })
  })
  await run(bench, ['pages', join(work, 'pages'), PAGES])
  const url = `http://127.0.0.1:${server.address().port}`
  const speed = await report('run', join(work, 'pages'), url, work, 'speed', '1', PAGES, PAGES, REVISIONS)
  for (const line of ["our reader / pugixml's parse", "SplitJson / simdjson's DOM parse", 'whole pull / the slower of',
    'four sources at once / one', 'budget T, per record']) assert.ok(speed.includes(line), `${line}\n${speed}`)
  const memory = await report('run', join(work, 'pages'), url, work, 'memory', '1', PAGES, PAGES, REVISIONS)
  assert.match(memory, /a pull of 1000 records stays under 200 MB/)
})

test('a store of proofs is filled, proven from, checked and let go of', async (t) => {
  const work = await mkdtemp(join(tmpdir(), 'mc-bench-'))
  t.after(() => rm(work, { recursive: true }))
  const proof = await report('run', '-', '-', work, 'proof', '2', PAGES, PAGES, REVISIONS)
  for (const line of ['commit to available proof, at half of that rate, p50',
    'commit to available proof, at half of that rate, p95', 'inclusion proof (tlog-proof@v1)',
    'score bundle with 60 lines: size', 'score bundle with 60 lines: `verify`']) assert.ok(proof.includes(line), `${line}\n${proof}`)
  // 60 dossiers of three leaves (a replaced revision proves nothing), the directory and the period's index.
  assert.match(proof, /leaves in it +182\.000/)
  const upkeep = await report('run', '-', '-', work, 'upkeep', '1', PAGES, PAGES, REVISIONS)
  for (const line of ['quality upkeep, per record', 'upkeep: sums of a commit', 'a score: evidence opened and proven again'])
    assert.ok(upkeep.includes(line), `${line}\n${upkeep}`)
  const session = await report('run', '-', '-', work, 'session', '1', PAGES, PAGES, REVISIONS)
  for (const line of ['one SHA-256 of a cookie / a session check', 'CPU of a session check among 10,000', 'memory of 10,000 sessions, each'])
    assert.ok(session.includes(line), `${line}\n${session}`)
  const ledger = await report('run', '-', '-', work, 'ledger', '1', PAGES, PAGES, REVISIONS)
  for (const line of ['inclusion proof of one leaf, median', "a person's evidence of a locked period, 240 leaves, p95",
    'fsck, whole / hashing its leaves alone', 'fsck of the filled store stays under 300 MB  holds', 'a start on the filled store stays under 300 MB',
    '20,000 new records on top of it',
    'ledger: 2880 revisions of evidence of 1 people']) assert.ok(ledger.includes(line), `${line}\n${ledger}`)
  assert.ok(!(await readdir(work)).includes('store.db'), 'the store stays behind')
})

test('records go into both engines beside raw rows', { skip: postgresMissing() }, async (t) => {
  const work = await mkdtemp(join(tmpdir(), 'mc-bench-'))
  const postgres = await startPostgres({ fsync: true })
  t.after(async () => {
    environment = {}
    await postgres.stop()
    await rm(work, { recursive: true })
  })
  environment = { MC_BENCH_POSTGRES: postgres.uri('postgres') }
  const ingest = await report('run', '-', '-', work, 'ingest', '2', PAGES, PAGES, REVISIONS)
  for (const line of ['ingest into SQLite, page to commit / budget T', 'our PostgreSQL engine / COPY and INSERT..SELECT, key and bytes',
    'our PostgreSQL engine / the same of all rows that it writes'])
    assert.match(ingest, new RegExp(`${line.replaceAll('.', '\\.')} .*target >= 0\\.5 +(holds|MISSED)`))
  for (const line of ['budget s: sealing, alone', 'raw SQLite inserts', 'ingest: 5000 records of'])
    assert.ok(ingest.includes(line), `${line}\n${ingest}`)
  assert.deepEqual(await readdir(work), [], 'a database stays behind')
})

test('the server with sessions answers the same page to a session, and to nobody else', async () => {
  const child = spawn(bench, ['session-server', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port, cookie] = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim().split(' '))))
  const ask = (path, headers) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', headers })
  assert.equal(await (await ask('/signed-in', { cookie })).text(), await (await ask('/plain')).text())
  assert.equal((await ask('/signed-in', { cookie: cookie.replace(/=.{4}/, '=AAAA') })).status, 401)
  child.kill()
})

test('the plain-text server answers its page', async () => {
  const child = spawn(bench, ['http-server', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))))
  const answer = await fetch(`http://127.0.0.1:${port}/plain`)
  assert.equal((await answer.text()).length, 956)
  child.kill()
})
