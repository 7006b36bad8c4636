// node session.mjs BENCH_BINARY GATEWAY_BINARY WORK_DIR ROUNDS SIGN_INS
//
// What signing in costs, beside apache with mod_auth_openidc: requests per second of one answer with and without the
// check of a session (same bytes, same headers, the same Cookie sent to both), and CPU time of complete sign-ins at a
// provider of the same kind, from the first page to the page behind it. Ratios are taken round by round; their median
// decides. Ends with 1 when a target is missed, with 3 when a server does not come up.
import { startProvider } from './provider.mjs'
import { CONNECTIONS, SECONDS, checked, measured, median, spread } from './measure.mjs'
import { PAGE_BYTES, apachePort, cpuMicros, startApache, startGateway, startSessionPage } from './servers.mjs'
import { signIn } from './sign_in.mjs'

console.info = console.warn = () => {}
const [bench, gateway, work, rounds, signIns] = process.argv.slice(2)
const PERSON = { number: '001085012345' }

const toStop = []
const keep = (server) => { toStop.push(server.stop ?? server.close); return server }
const headersOf = (answer) => [...answer.headers].filter(([name]) => name !== 'date').map(String).sort().join('\n')

// CPU of one sign-in in milliseconds, over many, one after another; every one by a browser that knows nothing yet.
async function cpuOfSignIns({ url, pid }, count) {
  const before = cpuMicros(pid)
  for (let i = 0; i < count; ++i) await signIn(url)
  return (cpuMicros(pid) - before) / count / 1000
}

// What a process spends while nobody asks, in milliseconds a second.
async function idleCpu({ pid }) {
  const before = cpuMicros(pid)
  await new Promise((done) => setTimeout(done, 5000))
  return (cpuMicros(pid) - before) / 5000
}

async function startBoth() {
  const port = await apachePort()
  const theirs = keep(await startProvider(`http://127.0.0.1:${port}/prot/cb`, PERSON))
  const peer = keep(await startApache(work, port, theirs))
  const ourPort = await apachePort()
  const ours = keep(await startProvider(`http://127.0.0.1:${ourPort}/sign-in/bench/callback`, PERSON))
  return { peer, signingIn: keep(await startGateway(gateway, work, ourPort, ours, PERSON)) }
}

function tell(text, ratios, target, most) {
  const held = most ? median(ratios) <= target : median(ratios) >= target
  console.log(`${text.padEnd(62)} ${spread(ratios)}  target ${most ? '<=' : '>='} ${target}: ${held ? 'holds' : 'MISSED'}`)
  return held
}

async function main() {
  const { peer, signingIn } = await startBoth()
  const page = keep(await startSessionPage(bench))
  const servers = {
    plain: { ...page, url: page.plain }, signedIn: { ...page, url: page.signedIn },
    peer: { ...peer, cookie: await signIn(peer.url) }
  }
  await signIn(signingIn.url)
  const answers = {}
  for (const [name, server] of Object.entries(servers)) answers[name] = headersOf(await checked(server, PAGE_BYTES))
  if (answers.plain !== answers.signedIn) throw new Error(`the two answers differ:\n${answers.plain}\n\n${answers.signedIn}`)
  const none = { plain: [], signedIn: [], peer: [] }
  const rates = structuredClone(none), cpu = structuredClone(none), logins = { ours: [], peer: [] }
  for (let round = 0; round < Number(rounds); ++round) {
    for (const [name, server] of Object.entries(servers)) {
      const one = await measured(server)
      rates[name].push(one.rate)
      cpu[name].push(one.cpu)
    }
    logins.ours.push(await cpuOfSignIns(signingIn, Number(signIns)))
    logins.peer.push(await cpuOfSignIns(peer, Number(signIns)))
  }
  const over = (a, b) => a.map((value, i) => value / b[i])
  const held = [
    tell('our answer with a session check / the same without', over(rates.signedIn, rates.plain), 0.9),
    tell('our answer with a session check / apache, mod_auth_openidc', over(rates.signedIn, rates.peer), 2),
    tell('CPU of a complete sign-in / apache, mod_auth_openidc', over(logins.ours, logins.peer), 0.5, true)
  ]
  console.log(`${'  the same by CPU time: without / with a session check'.padEnd(62)} ${spread(over(cpu.plain, cpu.signedIn))}`)
  for (const [name, all] of Object.entries(rates)) {
    console.log(`  ${name}: ${(median(all) / 1000).toFixed(1)} k requests/s, ${median(cpu[name]).toFixed(1)} us of CPU each`)
  }
  console.log(`  a sign-in: ${median(logins.ours).toFixed(2)} ms of CPU, apache's ${median(logins.peer).toFixed(2)} ms; ` +
    `idle, ours spends ${(await idleCpu(signingIn)).toFixed(1)} ms a second, which is in it`)
  console.log(`  ${CONNECTIONS} kept connections, ${rounds} rounds of ${SECONDS} s and ${signIns} sign-ins, ${PAGE_BYTES} bytes`)
  return held.every(Boolean) ? 0 : 1
}

main().catch((error) => { console.error(`bench: ${error.stack}`); return 3 }).then(async (code) => {
  for (const stop of toStop.reverse()) await stop()
  process.exit(code)
})
