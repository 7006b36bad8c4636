// VNeID's own exchange as public clients show it: OAuth2 with a code in base64 ('+' included), answers sealed by an AES key
// (ECB) that is wrapped by the client's RSA key (PKCS#1 v1.5), no id_token, the token call a form and nothing else.

import { constants, createCipheriv, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';

import { html, json, listenOn, redirect, routed } from './http.mjs';
import { WRONG_PASSWORD, loginPage } from './pages.mjs';

const SECRET = 'sandbox-client-secret-of-vneid';
const CODE_SECONDS = 30;

const encrypt = (key, text) => {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
};
const wrap = (publicKey, key) =>
  publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key).toString('base64');

// A code whose base64 holds a '+', so that whoever decodes a query as a form loses it.
function freshCode() {
  for (;;) {
    const code = randomBytes(33).toString('base64');
    if (code.includes('+')) return code;
  }
}

export async function vneidProvider(accounts, base, port) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map();
  const tokens = new Map();
  const callback = `${base}/sign-in/vneid/callback`;
  const known = (q) => q.get('client_id') === 'vneid' && q.get('redirect_uri') === callback;
  const carried = (q) => Object.fromEntries(['client_id', 'redirect_uri', 'state'].map((n) => [n, q.get(n) ?? '']));
  const sealed = (value) => {
    const key = randomBytes(32);
    return json({ data: encrypt(key, JSON.stringify(value)), key: wrap(publicKey, key) });
  };

  const authorize = (query) =>
    known(query) ? html(loginPage('VNeID', '/login', { hidden: carried(query) })) : json({ error: 'invalid_client' }, 401);

  // Every second code is sealed too, with its key beside it.
  let sealNext = false;
  function login(_, form) {
    const account = accounts.get(form.get('login') ?? '');
    if (!known(form)) return json({ error: 'invalid_client' }, 401);
    if (!account || account.password !== form.get('password')) {
      return html(loginPage('VNeID', '/login', { hidden: carried(form), error: WRONG_PASSWORD }), 401);
    }
    const code = freshCode();
    codes.set(code, { account, until: Date.now() + CODE_SECONDS * 1000 });
    const state = encodeURIComponent(form.get('state') ?? '');
    sealNext = !sealNext;
    if (!sealNext) return redirect(`${callback}?code=${code}&state=${state}`); // raw, as the real one sends it
    const key = randomBytes(32);
    return redirect(`${callback}?code=${encrypt(key, code)}&state=${state}&encrypt_key=${wrap(publicKey, key)}`);
  }

  function token(_, form, request) {
    if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return json({ error: 'unsupported' }, 415);
    if (form.get('client_id') !== 'vneid' || form.get('client_secret') !== SECRET) return json({ error: 'invalid_client' }, 401);
    const issued = codes.get(form.get('code'));
    codes.delete(form.get('code'));
    if (!issued || issued.until < Date.now() || form.get('redirect_uri') !== callback) return json({ error: 'invalid_grant' }, 400);
    const access_token = randomBytes(24).toString('base64url');
    tokens.set(access_token, issued.account);
    return sealed({ access_token, token_type: 'Bearer', expires_in: 1800 });
  }

  function userinfo(_, __, request) {
    const account = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!account) return json({ error: 'invalid_token' }, 401);
    return sealed({ citizenPid: account.number, fullName: account.name, birthDate: '19850101', accountType: 1, accountLevel: account.level === 'LoA1' ? 1 : 2 });
  }

  const { server, address } = await listenOn(
    routed({ 'GET /auth': authorize, 'POST /login': login, 'POST /token': token, 'GET /userinfo': userinfo }),
    port,
  );
  return {
    server,
    told: {
      address,
      clients: { vneid: { secret: SECRET } },
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    },
  };
}
