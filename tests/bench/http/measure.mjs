// Requests per second by wrk over 32 kept connections, and how figures of several rounds are told.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuMicros } from './servers.mjs'

const run = promisify(execFile)
export const CONNECTIONS = 32
export const SECONDS = 2

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
export const spread = (values) => `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} .. ${Math.max(...values).toFixed(2)})`

// Requests per second, and the server's CPU time per request in microseconds, where its process is ours.
export async function measured({ url, cookie, pid }) {
  const before = pid ? cpuMicros(pid) : 0
  const headers = cookie ? ['-H', `Cookie: ${cookie}`] : []
  const { stdout } = await run('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...headers, url])
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${new URL(url).pathname}: ${stdout}`)
  const spent = pid ? cpuMicros(pid) - before : NaN
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), cpu: spent / Number(/(\d+) requests in/.exec(stdout)[1]) }
}

export async function checked(server, bytes) {
  const answer = await fetch(server.url, { redirect: 'manual', headers: { cookie: server.cookie ?? '' } })
  const body = await answer.arrayBuffer()
  if (answer.status !== 200 || (bytes && body.byteLength !== bytes)) throw new Error(`${server.url} answered ${answer.status}`)
  return answer
}
