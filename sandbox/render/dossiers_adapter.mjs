// The same dossiers as the national adapter answers a query (dialect 1): what is pushed to it
// in PascalCase comes back under UPPER-CASE keys, lists inside included.

import { dossierRecords } from './dossiers.mjs';

export function upperKeys(value) {
  if (Array.isArray(value)) return value.map(upperKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toUpperCase(), upperKeys(inner)]));
}

export function adapterRecords(city) {
  const upper = (list) => list.map(({ changed, record }) => ({ changed, record: () => upperKeys(record()) }));
  const { dossiers, steps } = dossierRecords(city);
  return { dossiers: upper(dossiers), steps: upper(steps) };
}
