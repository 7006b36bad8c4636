// A small server of a provider: forms in, pages and JSON out, on loopback only.

import { createServer } from 'node:http';

import { readBody } from '../platforms/http.mjs';

export { readBody };

export const html = (body, status = 200) => ({ status, type: 'text/html; charset=utf-8', body });
export const json = (value, status = 200) => ({ status, type: 'application/json', body: JSON.stringify(value) });
export const redirect = (location) => ({ status: 303, type: 'text/plain', body: '', headers: { Location: location } });

export function send(response, { status, type, body, headers = {} }) {
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length, 'Cache-Control': 'no-store', ...headers });
  response.end(bytes);
}

// `handle(request, response)` answers, or returns an answer. Resolves to the server and its address.
export function listenOn(handle, port) {
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).then(
      (answer) => answer && send(response, answer),
      (error) => send(response, json({ error: 'server_error', error_description: error.message }, 500)),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({ server, address: `http://localhost:${server.address().port}` }),
    );
  });
}

// Routes of the form 'GET /path'; the handler gets (query, form, request).
export function routed(routes) {
  return async (request) => {
    const at = request.url.indexOf('?');
    const path = at < 0 ? request.url : request.url.slice(0, at);
    const query = new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1));
    const handle = routes[`${request.method} ${path}`];
    if (!handle) return json({ error: 'not_found' }, 404);
    const body = request.method === 'POST' ? await readBody(request) : '';
    return handle(query, new URLSearchParams(body), request, body);
  };
}
