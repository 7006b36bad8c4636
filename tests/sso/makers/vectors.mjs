// Prints key sets and tokens of two makers that are not ours, as one JSON object: npm `jose` and Debian's `jose`.
// Keys are made anew each time, so that nothing but the standards can make them fit.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';

const claims = JSON.stringify({ sub: 'somebody', note: 'Tiếng Việt' });
const algorithms = ['RS256', 'PS256', 'ES256'];

async function npmJose(alg) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const token = await new CompactSign(new TextEncoder().encode(claims)).setProtectedHeader({ alg, kid: 'k' }).sign(privateKey);
  return { maker: 'npm jose', alg, keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg, use: 'sig' }] }, token };
}

function debianJose(alg) {
  const folder = mkdtempSync(join(tmpdir(), 'mc-jose-'));
  const run = (...args) => execFileSync('jose', args, { cwd: folder, encoding: 'utf8' });
  try {
    run('jwk', 'gen', '-i', JSON.stringify({ alg, kid: 'k' }), '-o', 'key.jwk');
    writeFileSync(join(folder, 'claims'), claims);
    const template = JSON.stringify({ protected: { alg, kid: 'k' } });
    const token = run('jws', 'sig', '-I', 'claims', '-k', 'key.jwk', '-s', template, '-c').trim();
    const keys = { keys: [JSON.parse(run('jwk', 'pub', '-i', 'key.jwk'))] };
    return { maker: 'Debian jose', alg, keys, token };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const vectors = [];
for (const alg of algorithms) vectors.push(await npmJose(alg), debianJose(alg));
process.stdout.write(JSON.stringify({ claims, vectors }));
