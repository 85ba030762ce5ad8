import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { HealthCheck } from "../src/domain/health-report.ts";
import { createRequestListener, serveOn } from "../src/server/server.ts";

const check = (name: string, ok: boolean, vital = false): HealthCheck => ({
  name,
  ok,
  vital,
  stopsHeartbeat: false,
  detail: "4,711 customers",
});

async function serve(checks: readonly HealthCheck[] = []) {
  const handle = createRequestListener({
    verify: () => false,
    receive: async () => "kept",
    health: async () => ({ version: "1", startedAt: 0, checks }),
    log: { info() {}, warn() {}, error() {} },
  });
  const server = await serveOn()(0, handle);
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

test("PRODUCT 5: /readyz tells strangers the names of reasons, without numbers and causes", async () => {
  const server = await serve([check("Outbox", false), check("Database", true, true)]);
  onTestFinished(server.stop);
  const answer = await fetch(`${server.url}/readyz`, { headers: { connection: "close" } });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    ready: true,
    status: "degraded",
    reasons: ["Outbox"],
    checks: [
      { name: "Outbox", ok: false },
      { name: "Database", ok: true },
    ],
  });
});

test.each(["/", "/webhook", "/admin", "/%", "/readyz/../x", "/<script>"])(
  "an unknown path such as %s is answered plainly",
  async (path) => {
    const server = await serve();
    onTestFinished(server.stop);
    const answer = await fetch(`${server.url}${path}`, { headers: { connection: "close" } });
    const text = await answer.text();
    expect([400, 404]).toContain(answer.status);
    expect(text).not.toMatch(/html|script|\bat \/|node_modules|Cannot/);
    expect(text.length).toBeLessThan(60);
    expect(answer.headers.get("x-powered-by")).toBeNull();
  },
);

test("a stranger who sends one byte after the other does not keep the server from stopping", async () => {
  const server = await serve();
  const stranger = connect(server.port, "127.0.0.1");
  stranger.on("error", () => undefined);
  stranger.write("POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
  const dripping = setInterval(() => stranger.write(" "), 20);
  onTestFinished(() => clearInterval(dripping));
  await new Promise((resolve) => stranger.once("connect", resolve));
  await server.stop();
});
