// node http.mjs BENCH_BINARY WORK_DIR ROUNDS [--ours URL --cookie COOKIE] [--others 'NAME=URL ...']
//
// Requests per second over 32 kept connections, by wrk, the servers in turns within every round: nginx with a file, our
// plain-text route, apache with a file, the same behind mod_auth_openidc with one real session; and, where given, a page
// of ours that asks for a session. Ratios are taken round by round; their median decides. Ends with 1 when a target is
// missed, with 3 when a server does not come up.
import { CONNECTIONS, SECONDS, checked, measured, median, spread } from './measure.mjs'
import { startProvider } from './provider.mjs'
import { signIn } from './sign_in.mjs'
import { PAGE_BYTES, apachePort, startApache, startNginx, startOurs } from './servers.mjs'

// The provider package's notices on its defaults are no news here.
console.info = console.warn = () => {}
const [bench, work, rounds, ...rest] = process.argv.slice(2)
const option = (name) => rest[rest.indexOf(name) + 1]
const has = (name) => rest.includes(name)

const toStop = []
const keep = (server) => { toStop.push(server.stop ?? server.close); return server }

async function main() {
  const port = await apachePort()
  const provider = keep(await startProvider(`http://127.0.0.1:${port}/prot/cb`))
  const guarded = keep(await startApache(work, port, provider))
  const servers = {
    nginx: keep(await startNginx(work)),
    ours: keep(await startOurs(bench)),
    apache: keep(await startApache(work, await apachePort())),
    peer: { ...guarded, cookie: await signIn(guarded.url) }
  }
  if (has('--ours')) servers.signedIn = { url: option('--ours'), cookie: option('--cookie') }
  for (const [, name, url] of (has('--others') ? option('--others') : '').matchAll(/(\S+?)=(\S+)/g)) servers[name] = { url }
  for (const [name, server] of Object.entries(servers)) await checked(server, name === 'signedIn' ? 0 : PAGE_BYTES)

  const rates = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
  const cpu = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
  for (let round = 0; round < Number(rounds); ++round) {
    for (const [name, server] of Object.entries(servers)) {
      const one = await measured(server)
      rates[name].push(one.rate)
      cpu[name].push(one.cpu)
    }
  }
  const over = (a, b) => rates[a].map((rate, i) => rate / rates[b][i])
  const lines = [
    ['our plain text / nginx with a file', 'ours', 'nginx'], ['apache with a file / nginx with a file', 'apache', 'nginx'],
    ['apache behind mod_auth_openidc / apache', 'peer', 'apache'], ['apache behind mod_auth_openidc / nginx', 'peer', 'nginx'],
    ['our plain text / apache behind mod_auth_openidc', 'ours', 'peer'],
    ['our signed-in page / apache behind mod_auth_openidc', 'signedIn', 'peer', 2],
    ['our signed-in page / our plain text', 'signedIn', 'ours', 0.9],
    ...Object.keys(rates).filter((name) => !['nginx', 'ours', 'apache', 'peer', 'signedIn'].includes(name)).map((name) => [`our plain text / ${name}`, 'ours', name])
  ]
  let missed = false
  for (const [text, a, b, target] of lines) {
    if (!rates[a]) {
      console.log(`${text.padEnd(56)} not measured: give --ours URL --cookie COOKIE`)
      continue
    }
    const ratios = over(a, b)
    const verdict = target ? `  target >= ${target}: ${median(ratios) >= target ? 'holds' : 'MISSED'}` : ''
    missed ||= target && median(ratios) < target
    console.log(`${text.padEnd(56)} ${spread(ratios)}${verdict}`)
  }
  for (const [name, all] of Object.entries(rates)) {
    const each = Number.isNaN(cpu[name][0]) ? '' : `, ${median(cpu[name]).toFixed(1)} us of CPU each`
    console.log(`  ${name}: ${(median(all) / 1000).toFixed(1)} k requests/s${each}`)
  }
  console.log(`  ${CONNECTIONS} kept connections, ${rounds} rounds of ${SECONDS} s, ${PAGE_BYTES} bytes`)
  return missed ? 1 : 0
}

main().catch((error) => { console.error(`bench: ${error.message}`); return 3 }).then(async (code) => {
  for (const stop of toStop.reverse()) await stop()
  process.exit(code)
})
