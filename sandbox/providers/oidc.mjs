// An OpenID Connect provider as one meets it: npm oidc-provider with pages of our own. One client per algorithm of the
// id_token. /control/* is for tests: it rotates keys.

import { generateKeyPairSync, randomUUID } from 'node:crypto';

import Provider from 'oidc-provider';

import { html, json, listenOn, readBody, redirect } from './http.mjs';
import { sharedMemory } from './memory.mjs';
import { WRONG_PASSWORD, loginPage, logoutPage, page } from './pages.mjs';

const LEVELS = ['LoA1', 'LoA2', 'LoA3'];
export const CLIENTS = { oidc: 'RS256', oidc_ps: 'PS256', oidc_es: 'ES256' };

const secretOf = (id) => `sandbox-client-secret-of-${id}-0123456789`;

function makeKeys(kids) {
  const make = (alg) => {
    const { privateKey } =
      alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { ...privateKey.export({ format: 'jwk' }), kid: kids[alg], alg, use: 'sig' };
  };
  return { keys: Object.keys(kids).map(make) };
}

const freshKids = () => Object.fromEntries(['RS256', 'PS256', 'ES256'].map((alg) => [alg, randomUUID()]));

const clientOf = (id, alg, base) => ({
  client_id: id,
  client_secret: secretOf(id),
  redirect_uris: [`${base}/sign-in/${id}/callback`],
  post_logout_redirect_uris: [`${base}/sign-out/done`],
  backchannel_logout_uri: `${base}/sign-in/${id}/backchannel-logout`,
  backchannel_logout_session_required: true,
  id_token_signed_response_alg: alg,
});

const claimsOf = (a) => ({
  sub: a.subject,
  SoDinhDanh: a.number,
  HoVaTen: a.name,
  LoaiTaiKhoan: 1,
});

// The level that a sign-in reaches: what was asked for, as far as the person has it.
function levelFor(account, asked) {
  const most = LEVELS.indexOf(account.level);
  const wanted = LEVELS.indexOf((asked ?? '').split(' ')[0]);
  return LEVELS[wanted < 0 ? 0 : Math.min(wanted, most)];
}

function configuration(accounts, base, jwks, adapter) {
  const bySubject = new Map([...accounts.values()].map((a) => [a.subject, a]));
  return {
    clients: Object.entries(CLIENTS).map(([id, alg]) => clientOf(id, alg, base)),
    jwks,
    adapter,
    findAccount: (_, sub) => bySubject.has(sub) && { accountId: sub, claims: () => claimsOf(bySubject.get(sub)) },
    claims: { openid: ['sub'], profile: ['SoDinhDanh', 'HoVaTen', 'LoaiTaiKhoan'], acr: null, auth_time: null, sid: null },
    scopes: ['openid', 'profile'],
    acrValues: LEVELS,
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    pkce: { required: () => true },
    cookies: { keys: ['sandbox'] },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    // Every official may use every client of ours: no page asks.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = logoutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = page('Đã đăng xuất', '<p>Bạn đã đăng xuất khỏi nhà cung cấp định danh.</p>');
        },
      },
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = page('Không đăng nhập được', `<p>Mã lỗi: ${out.error.replace(/[^a-z_]/g, '')}</p>`);
    },
    // The library's own would not call this machine.
    fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 36_000, Grant: 36_000 },
  };
}

// `base`: the gateway's own address as browsers know it.
export async function oidcProvider(accounts, base, port) {
  let provider, kids, keys;
  const adapter = sharedMemory();
  const swap = (address) => {
    provider = new Provider(address, configuration(accounts, base, keys, adapter));
    provider.on('server_error', (_, error) => process.stderr.write(`oidc: ${error.message}\n`));
  };

  async function interaction(request, response) {
    const details = await provider.interactionDetails(request, response);
    if (request.method === 'GET') return html(loginPage('OpenID Connect', request.url));
    const form = new URLSearchParams(await readBody(request));
    const account = accounts.get(form.get('login') ?? '');
    if (!account || form.get('password') !== account.password) {
      return html(loginPage('OpenID Connect', request.url, { error: WRONG_PASSWORD }), 401);
    }
    const result = { login: { accountId: account.subject, acr: levelFor(account, details.params.acr_values), remember: true } };
    return redirect(await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false }));
  }

  // {"kid": "new"} or {"kid": "same"}: new keys from now on.
  async function rotate(request, address) {
    const wish = JSON.parse((await readBody(request)) || '{}');
    if (wish.kid !== 'same') kids = freshKids();
    keys = makeKeys(kids);
    swap(address);
    return json({ kids });
  }

  const { server, address } = await listenOn((request, response) => {
    if (request.url.startsWith('/interaction/')) return interaction(request, response);
    if (request.url === '/control/rotate' && request.method === 'POST') return rotate(request, address);
    return provider.callback()(request, response).then(() => undefined); // it has answered
  }, port);
  kids = freshKids();
  keys = makeKeys(kids);
  swap(address);
  return {
    server,
    told: {
      address,
      issuer: address,
      clients: Object.fromEntries(Object.entries(CLIENTS).map(([id, algorithm]) => [id, { secret: secretOf(id), algorithm }])),
    },
  };
}
