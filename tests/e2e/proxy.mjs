// A proxy in front of one source, in a process of its own because tests wait for commands: passes a number of requests
// on and then hangs up. node proxy.mjs TARGET; prints {"url","control"}; ends with its parent's pipe.
// control: POST {"left":n} (null: without end), GET -> {"refused"}.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.argv[2]);
let left = Infinity;
let refused = 0;

const proxy = createServer((asked, answer) => {
  if (left <= 0) {
    ++refused;
    asked.socket.destroy();
    return;
  }
  --left;
  const on = request({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
    answer.writeHead(got.statusCode, got.headers);
    got.pipe(answer);
  });
  on.on("error", () => asked.socket.destroy());
  asked.pipe(on);
});

const control = createServer(async (asked, answer) => {
  let body = "";
  for await (const part of asked) body += part;
  if (asked.method === "POST") left = JSON.parse(body).left ?? Infinity;
  answer.setHeader("Connection", "close");  // the other end may not look for a while
  answer.end(JSON.stringify({ refused }));
});

const listening = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${server.address().port}`)));
process.stdin.on("end", () => process.exit(0)).resume();
console.log(JSON.stringify({ url: await listening(proxy), control: await listening(control) }));
