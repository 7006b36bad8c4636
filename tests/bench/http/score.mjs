// node score.mjs BENCH_BINARY MINHCHUNG WORK_DIR ROUNDS OFFICIALS
//
// "My score" as JSON over 32 kept connections, by wrk, from a real `serve` whose store holds a sheet for each of OFFICIALS
// people: a sandbox city, scored, with made-up officials beside its own. In turns within every round: our plain-text
// route, the sheet, the same with If-None-Match (304), and a stranger who hears 401, whose flood must cost less; then, as information, the slowest of 200 connections. Ends with 1
// when a target is missed, with 3 when something does not come up.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Browser } from '../../e2e/browser.mjs'
import { startOurs } from './servers.mjs'

const run = promisify(execFile)
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const [bench, minhchung, work, rounds, officials] = process.argv.slice(2)
const PERIOD = '2026-06', SECONDS = 2, CONNECTIONS = 32, MANY = 200
const TARGETS = { sheet: 0.4, unchanged: 0.6 }

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
const spread = (values) => `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} .. ${Math.max(...values).toFixed(2)})`
const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)) })
})
const toStop = []
const dir = join(work, 'city'), config = join(dir, 'gateway.jsonc')
const must = (...args) => execFileSync(minhchung, ['--config', config, ...args], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30 })

async function started(program, args, says) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  toStop.push(() => new Promise((done) => { child.on('exit', done); child.kill('SIGTERM') }))
  await new Promise((done, fail) => {
    child.stdout.on('data', (text) => says.test(String(text)) && done())
    child.on('exit', (code) => fail(new Error(`${program} ended with ${code}`)))
  })
  child.removeAllListeners('exit')
}

// The city's own people, and others beside them until there are enough: in its units, fed by nothing.
function directoryOf(count) {
  const directory = JSON.parse(readFileSync(join(dir, 'directory.json'), 'utf8'))
  const units = directory.units.map(({ id }) => id)
  for (let i = directory.people.length; i < count; ++i) {
    const id = `b${String(i).padStart(7, '0')}`
    directory.people.push({ id, name: `Người Thử ${i}`, group: 'civil_servant' })
    directory.memberships.push({ person: id, unit: units[i % units.length], role: 'member', fed_by: [], from: '2026-01-01' })
  }
  return directory
}

async function filled(base) {
  mkdirSync(dir)
  await started(process.execPath, [join(root, 'sandbox/city.mjs'), '--seed', '1', '--officials', '60', '--months', '1', '--out', dir,
    '--exit-with-parent', '--sign-in', base], /ready/)
  execFileSync(process.execPath, [join(root, 'scripts/make-config.mjs'), dir])
  writeFileSync(join(dir, 'directory.json'), JSON.stringify(directoryOf(Number(officials))))
  must('import', 'directory', join(dir, 'directory.json'))
  must('import', 'catalogue', join(root, 'policies/catalogue-demo-2026.json'))
  must('import', 'assessments', join(dir, 'assessments.json'))
  must('sync')
  const begun = Date.now()
  must('score', '--period', PERIOD, '--publish')
  console.log(`${officials} officials scored and their sheets kept in ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}

async function wrk(url, headers, status) {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const { stdout } = await run('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...given, url])
  if (/Socket errors/.test(stdout) || (status < 400 && /Non-2xx/.test(stdout))) throw new Error(`${new URL(url).pathname}: ${stdout}`)
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]) }
}

// How long each of `count` requests took, in milliseconds, MANY at once on kept connections: wrk tells no 95 %.
async function latencies(url, headers, count) {
  const { Agent, get } = await import('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: MANY })
  const took = []
  let left = count
  const one = () => new Promise((done, fail) => {
    const begun = performance.now()
    get(url, { agent, headers }, (answer) => answer.resume().on('end', () => { took.push(performance.now() - begun); done() })).on('error', fail)
  })
  await Promise.all(Array.from({ length: MANY }, async () => { while (left-- > 0) await one() }))
  agent.destroy()
  return took.sort((a, b) => a - b)
}

async function main() {
  const base = `http://localhost:${await freePort()}`
  await filled(base)
  await started(minhchung, ['--config', config, 'serve'], /Đang lắng nghe/)
  const { accounts } = JSON.parse(readFileSync(join(dir, 'city.json'), 'utf8')).sign_in
  const person = new Browser()
  const form = await person.open(`${base}/sign-in/oidc?to=/`)
  await person.submit(form, { login: accounts.member.login, password: accounts.member.password })
  const Cookie = `__Host-minhchung=${person.cookies.get('__Host-minhchung')}`
  const plain = await startOurs(bench)
  toStop.push(plain.stop)
  const url = `${base.replace('localhost', '127.0.0.1')}/api/v1/people/${accounts.member.login}/sheets/${PERIOD}`
  const answer = await fetch(url, { headers: { Cookie } })
  const bytes = (await answer.arrayBuffer()).byteLength, etag = answer.headers.get('etag')
  if (answer.status !== 200 || !etag) throw new Error(`the sheet is answered with ${answer.status}`)
  const unchanged = await fetch(url, { headers: { Cookie, 'If-None-Match': etag } })
  if (unchanged.status !== 304) throw new Error(`the unchanged sheet is answered with ${unchanged.status}`)

  const kinds = { plain: [plain.url, {}, 200], sheet: [url, { Cookie }, 200], unchanged: [url, { Cookie, 'If-None-Match': etag }, 304],
    nobody: [url, {}, 401] }
  const rates = { plain: [], sheet: [], unchanged: [], nobody: [] }
  for (let round = 0; round < Number(rounds); ++round) {
    for (const [kind, [at, headers, status]] of Object.entries(kinds)) rates[kind].push((await wrk(at, headers, status)).rate)
  }
  let missed = false
  for (const [kind, target] of Object.entries(TARGETS)) {
    const ratios = rates[kind].map((rate, i) => rate / rates.plain[i])
    missed ||= median(ratios) < target
    const text = { sheet: `my score as JSON (${bytes} bytes) / our plain text`, unchanged: 'the same, unchanged (304) / our plain text' }[kind]
    console.log(`${text.padEnd(56)} ${spread(ratios)}  target >= ${target}: ${median(ratios) >= target ? 'holds' : 'MISSED'}`)
  }
  const strangers = rates.nobody.map((rate, i) => rate / rates.sheet[i])
  missed ||= median(strangers) < 1
  console.log(`${'a stranger (401) / my score'.padEnd(56)} ${spread(strangers)}  target >= 1: ${median(strangers) >= 1 ? 'holds' : 'MISSED'}`)
  for (const [kind, all] of Object.entries(rates)) console.log(`  ${kind}: ${(median(all) / 1000).toFixed(1)} k requests/s`)
  const took = await latencies(url, { Cookie }, 20_000)
  console.log(`  ${MANY} keep-alive clients (node): p50 ${took[took.length >> 1].toFixed(1)} ms, p95 ${took[Math.floor(took.length * 0.95)].toFixed(1)} ms`)
  return missed ? 1 : 0
}

main().catch((error) => { console.error(`bench: ${error.message}`); return 3 }).then(async (code) => {
  for (const stop of toStop.reverse()) await stop()
  process.exit(code)
})
