// An OpenID provider for one client and one person, with a form without fields: what the peer's one session comes from.
// The package is the sandbox's.
import { createServer } from 'node:http'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import Provider from '../../../sandbox/node_modules/oidc-provider/lib/index.js'

// Answers on a free port of loopback until close() is called. `number`: of the one person, said in userinfo.
export async function startProvider(redirectUri, { number = '001085012345' } = {}) {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${server.address().port}`
  const client = { client_id: 'bench', client_secret: randomBytes(32).toString('hex'), redirect_uris: [redirectUri] }
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: { keys: [{ ...key, kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' }] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, SoDinhDanh: number }) }),
    claims: { openid: ['sub', 'SoDinhDanh'], acr: null, auth_time: null, sid: null, iss: null },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    }
  })
  const callback = provider.callback()
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/sign-in/')) return callback(request, response)
    if (request.method === 'POST') {
      return provider.interactionFinished(request, response, { login: { accountId: 'person-1' } })
    }
    response.end(`<form method="post" action="${request.url}"></form>`)
  })
  return { issuer, client, close: () => { server.closeAllConnections(); server.close() } }
}
