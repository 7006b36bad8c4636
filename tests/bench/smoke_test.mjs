// Goal: the benchmarks still build, run to their end and tell every figure. No figure is judged here.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const bench = process.env.MC_BENCH
const PAGES = '2'

// Ends with 1 when a target is missed, which says nothing of a build for tests on a busy machine.
const report = async (...args) => {
  const done = await run(bench, args).then(({ stdout }) => ({ code: 0, stdout }), (error) => error)
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
  const speed = await report('run', join(work, 'pages'), url, work, 'speed', '1', PAGES, PAGES)
  for (const line of ["our reader / pugixml's parse", "SplitJson / simdjson's DOM parse", 'whole pull / the slower of',
    'four sources at once / one', 'budget T, per record']) assert.ok(speed.includes(line), `${line}\n${speed}`)
  const memory = await report('run', join(work, 'pages'), url, work, 'memory', '1', PAGES, PAGES)
  assert.match(memory, /a pull of 1000 records stays under 200 MB/)
})
