// The servers that are measured beside each other, one page of the same bytes at each: on loopback, started and stopped
// by the run, their files in its folder, no access logs.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'

const paths = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
const root = process.getuid() === 0
export const PAGE_BYTES = 956  // kPlainPageBytes

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)) })
})

async function started(url, child, cookie = '') {
  for (let i = 0; i < 200; ++i) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`)
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } }).catch(() => null)
    await answer?.arrayBuffer()
    if (answer) return
    await new Promise((done) => setTimeout(done, 25))
  }
  throw new Error(`${url} does not answer`)
}

function ending(child) {
  return async () => {
    const ended = new Promise((done) => child.on('exit', done))
    child.kill('SIGTERM')
    await ended
  }
}

// CPU time so far of a server's process and its children, in microseconds.
export function cpuMicros(pid) {
  let ticks = 0
  for (const one of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let text = ''
    try { text = readFileSync(`/proc/${one}/stat`, 'utf8') } catch { continue }  // it has ended
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (Number(one) === pid || Number(fields[1]) === pid) ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks * 10_000  // USER_HZ is 100 everywhere
}

// One worker a core, files only.
export async function startNginx(work) {
  const port = await freePort()
  mkdirSync(join(work, 'web'), { recursive: true })
  writeFileSync(join(work, 'web', 'plain'), 'a'.repeat(PAGE_BYTES))
  writeFileSync(join(work, 'http.conf'), `daemon off; worker_processes ${cpus().length}; pid ${work}/http.pid; error_log ${work}/nginx.log;
${root ? 'user root;' : ''} events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nodelay on; keepalive_requests 100000000; open_file_cache max=100; default_type text/plain;
  client_body_temp_path ${work}/h1; proxy_temp_path ${work}/h2; fastcgi_temp_path ${work}/h3; uwsgi_temp_path ${work}/h4; scgi_temp_path ${work}/h5;
  server { listen 127.0.0.1:${port}; root ${work}/web; } }`)
  const child = spawn('nginx', ['-p', work, '-c', join(work, 'http.conf')], { env: paths, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/plain`
  await started(url, child)
  return { url, pid: child.pid, stop: ending(child) }
}

export async function startOurs(bench) {
  const child = spawn(bench, ['http-server', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise((done, fail) => { child.stdout.once('data', (text) => done(Number(text))); child.once('exit', fail) })
  const url = `http://127.0.0.1:${port}/plain`
  await started(url, child)
  return { url, pid: child.pid, stop: ending(child) }
}

// Our gateway's own server with sessions: { plain, signedIn }, the same page without and with a check.
export async function startSessionPage(bench) {
  const child = spawn(bench, ['session-server', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port, cookie] = await new Promise((done, fail) => {
    child.stdout.once('data', (text) => done(String(text).trim().split(' ')))
    child.once('exit', fail)
  })
  const [plain, signedIn] = ['plain', 'signed-in'].map((path) => `http://127.0.0.1:${port}/${path}`)
  await started(plain, child)
  return { plain, signedIn, cookie, pid: child.pid, stop: ending(child) }
}

// A whole gateway with a directory of the provider's one person; its page is that of who is signed in.
export async function startGateway(binary, work, port, provider, { number }) {
  const at = join(work, 'gateway')
  mkdirSync(join(at, 'profiles'), { recursive: true })
  const file = (name, value) => writeFileSync(join(at, name), typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 })
  for (const key of ['sealing', 'person', 'log']) file(`${key}.key`, randomBytes(32).toString('hex'))
  file('secret', provider.client.client_secret)
  file('profiles/bench.json', {
    schema: 'minhchung/provider@1', id: 'bench', title: 'Bench', assumptions: [], flow: 'oidc', discovery: true, algorithm: 'RS256',
    client_auth: 'client_secret_basic', scopes: ['openid'], person: { from: 'userinfo', number_claim: 'SoDinhDanh' }
  })
  const ours = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..')
  file('gateway.jsonc', {
    store: join(at, 'mc.db'), keys: { sealing: 'file:sealing.key', person_hmac: 'file:person.key', log_signing: 'file:log.key' },
    policies: join(ours, 'policies'), manifests: join(ours, 'connectors'), rules: join(ours, 'mapping/rules'), sources: {}, log_level: 'warn',
    listen: { port },
    sign_in: {
      public_url: `http://127.0.0.1:${port}`, profiles: 'profiles',
      providers: { bench: { profile: 'bench', client_id: provider.client.client_id, client_secret: 'file:secret', address: provider.issuer, relaxations: { plain_loopback: true } } }
    }
  })
  spawnSync(process.execPath, [join(ours, 'sandbox/city.mjs'), '--officials', '48', '--months', '1', '--out', at, '--write-truth'], { stdio: 'inherit' })
  const directory = JSON.parse(readFileSync(join(at, 'directory.json'), 'utf8'))
  directory.people.find((person) => person.national_id).national_id = number
  file('directory.json', directory)
  const imported = spawnSync(binary, ['--config', join(at, 'gateway.jsonc'), 'import', 'directory', join(at, 'directory.json')], { encoding: 'utf8' })
  if (imported.status !== 0) throw new Error(`the directory was not imported: ${imported.stdout}${imported.stderr}`)
  const child = spawn(binary, ['--config', join(at, 'gateway.jsonc'), 'serve'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}/`
  await started(url, child)
  for (let i = 0; i < 100; ++i) {  // it asks the provider beside its start
    const answer = await fetch(`${url}sign-in/bench`, { redirect: 'manual', headers: { accept: 'text/html' } })
    if (answer.status === 303) return { url, pid: child.pid, stop: ending(child) }
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('the gateway does not lead to its provider')
}

export const apachePort = freePort

// Event MPM, sessions in shared memory; without a provider the module is not loaded.
export async function startApache(work, port, provider) {
  const at = join(work, provider ? 'apache-oidc' : 'apache')
  mkdirSync(join(at, 'web', 'prot'), { recursive: true })
  writeFileSync(join(at, 'web', 'prot', 'plain'), 'a'.repeat(PAGE_BYTES))
  writeFileSync(join(at, 'mime'), '')
  const modules = ['mpm_event', 'authz_core', 'dir', ...(provider ? ['authn_core', 'authz_user', 'auth_openidc'] : [])]
  writeFileSync(join(at, 'apache.conf'), `
ServerRoot ${at}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${at}/pid
ErrorLog ${at}/error.log
DefaultRuntimeDir ${at}
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${root ? 'User www-data\nGroup www-data' : ''}
StartServers 2
ServerLimit 4
ThreadsPerChild 64
MaxRequestWorkers 256
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
EnableSendfile On
DocumentRoot ${at}/web
<Directory ${at}/web>
  Require all granted
  AllowOverride None
</Directory>
${provider ? `
OIDCProviderMetadataURL ${provider.issuer}/.well-known/openid-configuration
OIDCClientID ${provider.client.client_id}
OIDCClientSecret ${provider.client.client_secret}
OIDCRedirectURI http://127.0.0.1:${port}/prot/cb
OIDCCryptoPassphrase ${provider.client.client_secret}
OIDCScope openid
OIDCPKCEMethod S256
OIDCIDTokenSignedResponseAlg RS256
OIDCSessionType server-cache
OIDCCacheType shm
OIDCCacheShmMax 20000
OIDCSessionInactivityTimeout 3600
<Location /prot>
  AuthType openid-connect
  Require valid-user
</Location>` : ''}`)
  if (root) spawnSync('chmod', ['-R', 'a+rX', work])
  const child = spawn('apache2', ['-DFOREGROUND', '-f', join(at, 'apache.conf')], { env: paths, stdio: ['ignore', 'inherit', 'inherit'] })
  const url = `http://127.0.0.1:${port}/prot/plain`
  await started(url, child)
  return { url, pid: child.pid, stop: ending(child) }
}
