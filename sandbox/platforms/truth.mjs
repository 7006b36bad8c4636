// /truth: what each sheet must say, computed from the simulated world before rendering.

import { truthFor } from '../truth/index.mjs';
import { endOfPeriod, isPeriod, parseInstant } from '../world/time.mjs';
import { json } from './http.mjs';

export function truthPlatform(city) {
  const cache = new Map();

  function truth(query) {
    const period = query.get('period') ?? '';
    if (!isPeriod(period)) return json({ message: 'period=yyyy-mm is needed' }, 400);
    const asOf = query.has('as_of') ? parseInstant(query.get('as_of')) : endOfPeriod(period);
    if (asOf === null) return json({ message: 'as_of must be an RFC 3339 instant' }, 400);
    const key = `${period} ${asOf}`;
    if (!cache.has(key)) cache.set(key, JSON.stringify(truthFor(city, period, asOf)));
    return { status: 200, type: 'application/json; charset=utf-8', body: cache.get(key) };
  }

  function setFaults(_, body) {
    if (!city.faults) return json({ message: 'the city was started without --faults' }, 403);
    city.faults.set(body);
    return json({ set: body.length });
  }

  const routes = { 'GET /truth': truth, 'GET /truth/cases': () => json(city.cases), 'POST /faults': setFaults };
  return { routes };
}
