// The sandbox city: four platforms and /truth on loopback ports, and the files to import.
//
//   node sandbox/city.mjs --seed 1 --officials 400 --months 3 --end 2026-06 --out DIR
//     [--port-base N] [--write-truth] [--write-files] [--exit-with-parent]
//     [--sign-in http://localhost:PORT: identity providers too, for a gateway that browsers know by this address]
//     [--faults] [--dialects citizen_reports=open311,documents=vxp] [--honest: no source contradicts itself]

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { chooseDialects } from './platforms/dialects.mjs';
import { Faults } from './platforms/faults.mjs';
import { listen } from './platforms/http.mjs';
import { truthPlatform } from './platforms/truth.mjs';
import { writeFiles } from './platforms/files.mjs';
import { truthFor } from './truth/index.mjs';
import { FEWEST_OFFICIALS, assessmentsOf, directoryOf, makeWorld } from './world/index.mjs';
import { hash32 } from './world/rng.mjs';
import { addDays, dateOf, endOfPeriod, isPeriod } from './world/time.mjs';

const MOST_OFFICIALS = 5000;
const PARENT_POLL_MS = 500;
const TRUTH_PORT = 4; // behind the four platforms
const PROVIDER_PORT = 6; // the first of three

function readOptions(argv) {
  const text = { type: 'string' },
    flag = { type: 'boolean' };
  const { values: v } = parseArgs({
    args: argv,
    options: {
      seed: text,
      officials: text,
      months: text,
      end: text,
      out: text,
      'port-base': text,
      dialects: text,
      'sign-in': text,
      faults: flag,
      'write-truth': flag,
      'write-files': flag,
      'exit-with-parent': flag,
      honest: flag,
    },
  });
  const number = (name, fallback, low, high) => {
    const n = Number(v[name] ?? fallback);
    if (!Number.isInteger(n) || n < low || n > high)
      throw new Error(`--${name}: an integer from ${low} to ${high}`);
    return n;
  };
  const end = v.end ?? '2026-06';
  if (!isPeriod(end)) throw new Error('--end: a month, yyyy-mm');
  if (!v.out) throw new Error('--out: the folder to write to');
  return {
    seed: number('seed', 1, 0, 2 ** 31),
    officials: number('officials', 400, FEWEST_OFFICIALS, MOST_OFFICIALS),
    months: number('months', 3, 1, 12),
    end,
    out: v.out,
    portBase: number('port-base', 0, 0, 65530),
    dialects: chooseDialects(v.dialects),
    signIn: v['sign-in'],
    writeTruth: v['write-truth'],
    writeFiles: v['write-files'],
    exitWithParent: v['exit-with-parent'],
    faults: v.faults,
    tricks: !v.honest,
  };
}

const writeJson = (dir, name, value) => writeFileSync(join(dir, name), `${JSON.stringify(value, null, 1)}\n`);

// Made up per seed; they protect nothing.
export const secretOf = (city, name) => `sandbox-${hash32(`${city.seed} secret ${name}`).toString(16)}`;

function badRecords(city, dialects) {
  const planted = (source) => city.bad.filter((b) => b.platform === source).length;
  return Object.fromEntries(Object.entries(dialects).map(([source, { id }]) => [id, planted(source)]));
}

// The day before the first event: where a first pull starts.
function firstEvent(city) {
  const days = [
    ...city.documents.map((d) => d.date),
    ...city.dossiers.map((d) => dateOf(d.received)),
    ...city.tasks.map((t) => dateOf(t.created)),
    ...city.reports.map((r) => dateOf(r.received)),
  ];
  return addDays(
    days.reduce((a, b) => (a < b ? a : b)),
    -1,
  );
}

const unitsAskedFor = (city) =>
  [...new Set([...city.reports.map((r) => r.org), ...city.bad.map((b) => b.org).filter(Boolean)])].sort();

async function serve(city, options) {
  const port = (i) => (options.portBase ? options.portBase + i + (i < TRUTH_PORT ? 0 : 1) : 0);
  const servers = [];
  const platforms = {};
  for (const [i, [name, dialect]] of Object.entries(options.dialects).entries()) {
    if (dialect.files) {
      const folder = resolve(options.out, dialect.id);
      dialect.files(city, folder);
      platforms[dialect.id] = { folder };
      continue;
    }
    const secret = secretOf(city, name);
    const { server, base_url } = await listen(dialect.make(city, secret), port(i));
    servers.push(server);
    platforms[dialect.id] = { base_url, secret, secrets: dialect.secrets };
    const units = dialect.byUnit ? unitsAskedFor(city) : dialect.units;
    if (units) platforms[dialect.id].unit_codes = units;
  }
  const truth = await listen(truthPlatform(city), options.portBase ? options.portBase + TRUTH_PORT : 0);
  servers.push(truth.server);
  return { servers, platforms, truth: truth.base_url };
}

// Loaded only when asked for: the packages of the providers are of no use to anything else.
async function serveProviders(city, options, servers) {
  if (!options.signIn) return undefined;
  const { startProviders } = await import('./providers/index.mjs');
  const port = (i) => (options.portBase ? options.portBase + PROVIDER_PORT + i : 0);
  const { servers: more, told } = await startProviders(city, options.signIn, port);
  servers.push(...more);
  return told;
}

function endTogether(servers, exitWithParent) {
  const end = () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  const parent = process.ppid;
  if (exitWithParent)
    setInterval(() => {
      if (process.ppid !== parent) end();
    }, PARENT_POLL_MS).unref();
}

function writeInputs(city, out) {
  mkdirSync(out, { recursive: true });
  writeJson(out, 'directory.json', directoryOf(city));
  writeJson(out, 'assessments.json', assessmentsOf(city));
}

export async function main(argv) {
  const options = readOptions(argv);
  const city = makeWorld(options);
  if (options.faults) city.faults = new Faults();
  writeInputs(city, options.out);
  if (options.writeFiles) writeFiles(city, join(options.out, 'files'));
  if (options.writeTruth)
    for (const p of city.periods)
      writeJson(options.out, `truth-${p}.json`, truthFor(city, p, endOfPeriod(p)));
  if (options.writeTruth || options.writeFiles) return;
  const { servers, platforms, truth } = await serve(city, options);
  const sign_in = await serveProviders(city, options, servers);
  const { seed, officials, months, end } = options;
  writeJson(options.out, 'city.json', {
    seed,
    officials,
    months,
    end,
    start: firstEvent(city),
    periods: city.periods,
    platforms,
    truth,
    sign_in,
    bad_records: badRecords(city, options.dialects),
  });
  endTogether(servers, options.exitWithParent);
  process.stdout.write(`ready ${truth} ${options.out}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`sandbox: ${error.message}\n`);
    process.exit(2);
  });
}
