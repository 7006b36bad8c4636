// The National Public Service Portal's sign-in in the shape of WSO2 Identity Server, as public clients show it: no PKCE
// asked for, no discovery, the secret in the form, userinfo by POST, claims in Vietnamese, an issuer that is not the address.

import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

import { html, json, listenOn, redirect, routed } from './http.mjs';
import { WRONG_PASSWORD, loginPage } from './pages.mjs';

const SECRET = 'sandbox-client-secret-of-vnconnect';
const ISSUER = 'http://vnconnect.sandbox.invalid:8080/oauth2/token';
const LEVELS = ['LoA1', 'LoA2', 'LoA3'];
const CODE_SECONDS = 60;

const b64 = (value) => Buffer.from(value).toString('base64url');
const random = () => randomBytes(24).toString('base64url');

function signer() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = random();
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] };
  const sign = (claims) => {
    const text = `${b64(JSON.stringify({ alg: 'RS256', kid, typ: 'JWT' }))}.${b64(JSON.stringify(claims))}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
  return { jwks, sign };
}

// Some answers of the portal write the kind of account as a number, others as a text.
const userinfoOf = (account, level, address) => ({
  sub: account.subject,
  TechID: account.subject,
  LoaiTaiKhoan: account.number.endsWith('1') ? 1 : '1',
  HoVaTen: account.name,
  SoDinhDanh: account.number,
  loAs: level,
  loginIdp: 'BCA',
  userProfileUri: `${address}/profile?access_token=never-log-this`,
  logoutUri: `${address}/logout?access_token=never-log-this`,
});

// A code that was issued for just this request.
function fits(issued, form) {
  if (!issued || issued.until < Date.now() || form.get('redirect_uri') !== issued.redirect_uri) return false;
  if (!issued.challenge) return true;
  return createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') === issued.challenge;
}

export async function vnconnectProvider(accounts, base, port) {
  const { jwks, sign } = signer();
  const codes = new Map();
  const tokens = new Map();
  const callback = `${base}/sign-in/vnconnect/callback`;
  const known = (q) => q.get('client_id') === 'vnconnect' && q.get('redirect_uri') === callback;
  const carried = (q) =>
    Object.fromEntries(
      ['client_id', 'redirect_uri', 'state', 'nonce', 'acr_values', 'code_challenge'].map((n) => [n, q.get(n) ?? '']),
    );

  const authorize = (query) =>
    known(query)
      ? html(loginPage('Cổng Dịch vụ công quốc gia', '/authenticationendpoint/login.do', { hidden: carried(query) }))
      : json({ error: 'invalid_client' }, 401);

  function login(_, form) {
    const account = accounts.get(form.get('login') ?? '');
    if (!known(form)) return json({ error: 'invalid_client' }, 401);
    if (!account || account.password !== form.get('password')) {
      const again = { hidden: carried(form), error: WRONG_PASSWORD };
      return html(loginPage('Cổng Dịch vụ công quốc gia', '/authenticationendpoint/login.do', again), 401);
    }
    const code = random();
    codes.set(code, { ...carried(form), account, challenge: form.get('code_challenge'), until: Date.now() + CODE_SECONDS * 1000 });
    const answer = new URLSearchParams({ code, state: form.get('state') ?? '', session_state: random() });
    return redirect(`${callback}?${answer}`);
  }

  function token(_, form) {
    if (form.get('client_id') !== 'vnconnect' || form.get('client_secret') !== SECRET) return json({ error: 'invalid_client' }, 401);
    const issued = codes.get(form.get('code'));
    codes.delete(form.get('code'));
    if (!fits(issued, form)) return json({ error: 'invalid_grant' }, 400);
    const access_token = random();
    const level = LEVELS.includes(issued.acr_values) ? issued.acr_values : 'LoA1';
    tokens.set(access_token, { account: issued.account, level });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: ['vnconnect'], azp: 'vnconnect', sub: issued.account.subject, iat: now, exp: now + 600 };
    if (issued.nonce) claims.nonce = issued.nonce;
    claims.at_hash = createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url');
    return json({ access_token, refresh_token: random(), scope: 'openid', id_token: sign(claims), token_type: 'Bearer', expires_in: '1800' });
  }

  function userinfo(_, __, request) {
    const found = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    return found ? json(userinfoOf(found.account, found.level, address)) : json({ error: 'invalid_token' }, 401);
  }

  const { server, address } = await listenOn(
    routed({
      'GET /oauth2/authorize': authorize,
      'POST /authenticationendpoint/login.do': login,
      'POST /oauth2/token': token,
      'POST /oauth2/userinfo': userinfo,
      'GET /oauth2/jwks': () => json(jwks),
    }),
    port,
  );
  return { server, told: { address, issuer: ISSUER, clients: { vnconnect: { secret: SECRET, algorithm: 'RS256' } } } };
}
