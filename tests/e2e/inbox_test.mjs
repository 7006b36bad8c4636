// Push through the built program: what was answered with 202 survives a kill -9, becomes evidence
// once, and the same key gets the same bytes again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, must, pushedInstallation, startServer, tokenOf } from "./lib.mjs";

test("pushed records survive a kill and are counted once", async (t) => {
  const at = clientOf(pushedInstallation(t)), { config } = at;
  let token;

  const report = (id) => JSON.stringify({ PhanAnhID: id, NgayPhanAnh: "2026-06-01 08:00:00", MaDonVi: "H26.101" });
  const push = (url, key, body, more = {}) => fetch(url, {
    method: "POST", body,
    headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": key, "Content-Type": "application/x-ndjson", ...more },
  });
  let server = await startServer(config);
  token = await tokenOf(server.url, at);
  assert.equal((await push(`${server.url}/api/v1/inbox/pushed`, "k", report("1"), { Authorization: "Bearer no" })).status, 401);
  const first = await push(`${server.url}/api/v1/inbox/pushed`, "k1", `${report("7001")}\n${report("7002")}\nnot json\n`, { "Minhchung-Record-Count": "3" });
  assert.equal(first.status, 202);
  const bytes = await first.text();
  const log = await server.end("SIGKILL");
  for (const hidden of [token, at.secret, "7001"]) assert.ok(!log.includes(hidden), hidden);

  const sync = () => JSON.parse(must(config, "--json", "sync")).sources[0];
  const read = sync();
  assert.deepEqual([read.fetched, read.new, read.quarantined, read.control_total, read.offered], [3, 2, 1, 3, 3]);
  server = await startServer(config);
  const again = await push(`${server.url}/api/v1/inbox/pushed`, "k1", `${report("7001")}\n${report("7002")}\nnot json\n`, { "Minhchung-Record-Count": "3" });
  assert.equal(await again.text(), bytes);
  assert.equal((await push(`${server.url}/api/v1/inbox/pushed`, "k2", report("7002"))).status, 202);
  await server.end("SIGTERM");
  const second = sync();
  assert.deepEqual([second.fetched, second.duplicate, second.new], [1, 1, 0]);
  assert.equal(sync().fetched, 0);
  assert.deepEqual(JSON.parse(must(config, "--json", "fsck")).faults, []);
});
