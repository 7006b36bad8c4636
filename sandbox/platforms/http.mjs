// The little that the five servers share: loopback only, one credential each, JSON answers.

import { createServer } from 'node:http';

const BODY_LIMIT = 64 * 1024;

export const json = (value, status = 200) => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});
export const raw = (type, body) => ({ status: 200, type, body });

export function readBody(request) {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      text += chunk;
      if (text.length > BODY_LIMIT) reject(new Error('body too large'));
    });
    request.on('end', () => resolve(text));
    request.on('error', reject);
  });
}

async function bodyOf(request) {
  if (request.method !== 'POST') return {};
  const text = await readBody(request);
  if (!text) return {};
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return form ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
}

async function answer(request, platform) {
  const url = new URL(request.url, 'http://127.0.0.1');
  if (platform.header && request.headers[platform.header] !== platform.credential)
    return json({ error_code: '401', message: 'Sai thông tin xác thực' }, 401);
  const route = platform.routes[`${request.method} ${url.pathname}`];
  if (!route) return json({ error_code: '404', message: 'Không có dịch vụ này' }, 404);
  let body;
  try {
    body = await bodyOf(request);
  } catch {
    return json({ error_code: '400', message: 'Nội dung yêu cầu không đọc được' }, 400);
  }
  return route(url.searchParams, body, request.headers);
}

function send(response, { status, type, body }) {
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length });
  response.end(bytes);
}

// Resolves to the server and its address once it listens.
export function listen(platform, port) {
  const server = createServer((request, response) => {
    answer(request, platform).then(
      (a) => send(response, a),
      (e) => send(response, json({ error_code: '500', message: e.message }, 500)),
    );
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({ server, base_url: `http://127.0.0.1:${server.address().port}` }),
    );
  });
}
