// The three identity providers, spoken to as a client of ours speaks: one sign-in each, and what each refuses.

import assert from 'node:assert/strict';
import { constants, createDecipheriv, createHash, createPrivateKey, createPublicKey, privateDecrypt, randomBytes, verify } from 'node:crypto';
import { after, before, test } from 'node:test';

import { startProviders } from '../providers/index.mjs';
import { makeWorld } from '../world/index.mjs';

const BASE = 'http://localhost:18080';
let providers, servers, accounts;

before(async () => {
  const city = makeWorld({ seed: 1, officials: 60, months: 1, end: '2026-06', tricks: true });
  const started = await startProviders(city, BASE, () => 0);
  ({ servers } = started);
  ({ providers, accounts } = started.told);
});
after(() => servers.forEach((s) => (s.close(), s.closeAllConnections())));

// A browser: cookies by host, no redirect followed unless told.
class Browser {
  #cookies = new Map();
  async go(url, init = {}) {
    const cookie = [...this.#cookies].map(([n, v]) => `${n}=${v}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
    return answer;
  }
  // Follows to the first page, or to an address of the gateway.
  async follow(url, init) {
    for (let hops = 0; hops < 8; hops++) {
      const answer = await this.go(url, init);
      const to = answer.headers.get('location');
      if (!to) return { url, answer, text: await answer.text() };
      url = new URL(to, url).href;
      init = undefined;
      if (url.startsWith(BASE)) return { url };
    }
    throw new Error('too many redirects');
  }
  submit(page, login, password) {
    const form = new URLSearchParams({ login, password });
    for (const [, name, value] of page.text.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
      form.set(name, value.replace(/&#(\d+);/g, (_, n) => String.fromCharCode(n)));
    }
    const action = page.text.match(/action="([^"]*)"/)[1].replace(/&#(\d+);/g, (_, n) => String.fromCharCode(n));
    return this.follow(new URL(action, page.url).href, { method: 'POST', body: form });
  }
}

const post = (url, form, headers = {}) => fetch(url, { method: 'POST', body: new URLSearchParams(form), headers });
const claimsOf = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
const keyOf = async (url, jwt) => {
  const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url'));
  const jwk = (await (await fetch(url)).json()).keys.find((k) => k.kid === kid);
  return createPublicKey({ key: jwk, format: 'jwk' });
};
const isSigned = (jwt, key) => {
  const [header, claims, signature] = jwt.split('.');
  return verify('RSA-SHA256', `${header}.${claims}`, key, Buffer.from(signature, 'base64url'));
};

async function signInAtOidc(browser, more = {}) {
  const { address, clients } = providers.oidc;
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code', client_id: 'oidc', redirect_uri: `${BASE}/sign-in/oidc/callback`, scope: 'openid profile',
    state: 'our-state', nonce: 'our-nonce', code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), ...more,
  });
  let page = await browser.follow(`${address}/auth?${query}`);
  if (page.text) page = await browser.submit(page, accounts.member.login, accounts.member.password);
  const back = new URL(page.url).searchParams;
  const basic = Buffer.from(`oidc:${clients.oidc.secret}`).toString('base64');
  const form = { grant_type: 'authorization_code', code: back.get('code'), redirect_uri: `${BASE}/sign-in/oidc/callback`, code_verifier: verifier };
  const tokens = await (await post(`${address}/token`, form, { authorization: `Basic ${basic}` })).json();
  return { back, tokens };
}

test('oidc: a sign-in with PKCE, level and userinfo', async () => {
  const { address } = providers.oidc;
  const { back, tokens } = await signInAtOidc(new Browser(), { acr_values: 'LoA2', max_age: '0' });
  assert.equal(back.get('state'), 'our-state');
  assert.equal(back.get('iss'), address);
  const claims = claimsOf(tokens.id_token);
  assert.equal(claims.nonce, 'our-nonce');
  assert.equal(claims.acr, 'LoA2');
  assert.ok(claims.auth_time && claims.sid);
  assert.ok(isSigned(tokens.id_token, await keyOf(`${address}/jwks`, tokens.id_token)));
  const userinfo = await (await fetch(`${address}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).json();
  assert.match(userinfo.SoDinhDanh, /^001\d{9}$/);
  assert.equal(userinfo.HoVaTen, accounts.member.name);
});

test('oidc: a request without PKCE and a wrong password go nowhere', async () => {
  const browser = new Browser();
  const { address } = providers.oidc;
  const plain = await browser.follow(
    `${address}/auth?response_type=code&client_id=oidc&scope=openid&redirect_uri=${encodeURIComponent(`${BASE}/sign-in/oidc/callback`)}`,
  );
  assert.match(plain.url, /error=invalid_request/);
  const page = await browser.follow(
    `${address}/auth?response_type=code&client_id=oidc&scope=openid&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256&redirect_uri=${encodeURIComponent(`${BASE}/sign-in/oidc/callback`)}`,
  );
  const again = await browser.submit(page, accounts.member.login, 'wrong');
  assert.equal(again.answer.status, 401);
  assert.match(again.text, /không đúng/);
});

test('oidc: keys rotate, under new names and under the same', async () => {
  const { address } = providers.oidc;
  const keys = async () => (await (await fetch(`${address}/jwks`)).json()).keys.map((k) => [k.kid, k.n ?? k.x]);
  const rotate = (kid) => fetch(`${address}/control/rotate`, { method: 'POST', body: JSON.stringify({ kid }) });
  const first = await keys();
  await rotate('same');
  const second = await keys();
  assert.deepEqual(second.map(([kid]) => kid), first.map(([kid]) => kid));
  assert.notDeepEqual(second, first);
  await rotate('new');
  assert.ok((await keys()).every(([kid]) => !first.some(([old]) => old === kid)));
  const { tokens } = await signInAtOidc(new Browser());
  assert.ok(isSigned(tokens.id_token, await keyOf(`${address}/jwks`, tokens.id_token)));
});

test('vnconnect: no PKCE needed, secret in the form, userinfo by POST', async () => {
  const { address, issuer, clients } = providers.vnconnect;
  const browser = new Browser();
  const redirect_uri = `${BASE}/sign-in/vnconnect/callback`;
  const query = new URLSearchParams({ response_type: 'code', client_id: 'vnconnect', redirect_uri, scope: 'openid', acr_values: 'LoA2', state: 's', nonce: 'n' });
  const page = await browser.follow(`${address}/oauth2/authorize?${query}`);
  const back = new URL((await browser.submit(page, accounts.head.login, accounts.head.password)).url).searchParams;
  const form = { grant_type: 'authorization_code', code: back.get('code'), redirect_uri, client_id: 'vnconnect', client_secret: clients.vnconnect.secret };
  const tokens = await (await post(`${address}/oauth2/token`, form)).json();
  assert.equal(claimsOf(tokens.id_token).iss, issuer);
  assert.ok(isSigned(tokens.id_token, await keyOf(`${address}/oauth2/jwks`, tokens.id_token)));
  assert.equal((await post(`${address}/oauth2/token`, form)).status, 400); // a code serves once
  const userinfo = await (await post(`${address}/oauth2/userinfo`, {}, { authorization: `Bearer ${tokens.access_token}` })).json();
  assert.equal(userinfo.loAs, 'LoA2');
  assert.ok([1, '1'].includes(userinfo.LoaiTaiKhoan));
});

// Node no longer unwraps PKCS#1 v1.5 by itself; the padding is 00 02 .. 00.
function unwrap(key, text) {
  const block = privateDecrypt({ key: createPrivateKey(key), padding: constants.RSA_NO_PADDING }, Buffer.from(text, 'base64'));
  assert.deepEqual([...block.subarray(0, 2)], [0, 2]);
  return block.subarray(block.indexOf(0, 2) + 1);
}
const decrypt = (key, text) => {
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null);
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString();
};

test('vneid: a code with a plus, plain and sealed; answers sealed; JSON refused', async () => {
  const { address, clients, private_key } = providers.vneid;
  const redirect_uri = `${BASE}/sign-in/vneid/callback`;
  const open = async (answer) => {
    const { data, key } = await answer.json();
    return JSON.parse(decrypt(unwrap(private_key, key), data));
  };
  const seen = new Set();
  for (let i = 0; i < 2; i++) {
    const browser = new Browser();
    const query = new URLSearchParams({ response_type: 'code', client_id: 'vneid', redirect_uri, scope: 'openid', state: 's' });
    const page = await browser.follow(`${address}/auth?${query}`);
    const { url } = await browser.submit(page, accounts.member.login, accounts.member.password);
    const raw = Object.fromEntries(url.slice(url.indexOf('?') + 1).split('&').map((p) => p.split(/=(.*)/s).slice(0, 2)));
    seen.add('encrypt_key' in raw);
    const code = raw.encrypt_key ? decrypt(unwrap(private_key, raw.encrypt_key), raw.code) : raw.code;
    assert.match(code, /\+/);
    const form = { grant_type: 'authorization_code', code, client_id: 'vneid', client_secret: clients.vneid.secret, redirect_uri };
    const refused = await fetch(`${address}/token`, { method: 'POST', body: JSON.stringify(form), headers: { 'content-type': 'application/json' } });
    assert.equal(refused.status, 415);
    const token = await open(await post(`${address}/token`, form));
    assert.equal(token.id_token, undefined);
    const person = await open(await fetch(`${address}/userinfo`, { headers: { authorization: `Bearer ${token.access_token}` } }));
    assert.match(person.citizenPid, /^001\d{9}$/);
    assert.equal(person.accountLevel, 2);
  }
  assert.deepEqual([...seen].sort(), [false, true]);
});
