// What a browser does at a sign-in: follows redirects with the cookies of each host, and sends the one form it meets.
// By node:http: fetch() says of itself that it navigates nowhere (Sec-Fetch-Mode), and is refused.
import { request } from 'node:http'

const ask = (url, method, cookie) => new Promise((done, fail) => {
  request(url, { method, headers: { cookie, accept: 'text/html' } }, (answer) => {
    let body = ''
    answer.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => done({ status: answer.statusCode, headers: answer.headers, body }))
  }).on('error', fail).end()
})

// The Cookie header with which `page` is answered with 200.
export async function signIn(page) {
  const jars = new Map()
  const jar = (url) => jars.get(url.host) ?? jars.set(url.host, new Map()).get(url.host)
  const text = (url) => [...jar(url)].map(([name, value]) => `${name}=${value}`).join('; ')
  let url = new URL(page)
  let method = 'GET'
  for (let step = 0; step < 12; ++step) {
    const answer = await ask(url, method, text(url))
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      jar(url).set(name, value)
    }
    const { location } = answer.headers
    const form = /<form method="post" action="([^"]+)"/.exec(answer.body)
    if (answer.status >= 300 && answer.status < 400 && location) {
      url = new URL(location, url)
      method = 'GET'
    } else if (answer.status === 200 && String(url) === page) {
      return text(url)
    } else if (answer.status === 200 && form) {
      url = new URL(form[1], url)
      method = 'POST'
    } else {
      throw new Error(`sign-in ended with ${answer.status} at ${url.pathname}`)
    }
  }
  throw new Error('sign-in went in circles')
}
