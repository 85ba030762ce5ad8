import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { HealthCheck } from "../src/domain/health-report.ts";
import { createRequestListener, type ServerDeps, serveOn } from "../src/server/server.ts";
import { SILENT_LOG } from "./support/logs.ts";
import { NO_METER } from "./support/meter.ts";

const check = (name: HealthCheck["name"], ok: boolean, vital = false): HealthCheck => ({
  name,
  ok,
  vital,
  stopsHeartbeat: false,
  detail: "4,711 customers",
});

async function serve(checks: readonly HealthCheck[] = [], metrics?: ServerDeps["metrics"]) {
  const handle = createRequestListener({
    verify: () => false,
    receive: async () => "kept",
    health: async () => ({ version: "1", startedAt: 0, checks }),
    meter: NO_METER,
    metrics,
    log: SILENT_LOG,
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

const METRICS = {
  token: "a token of 16 characters",
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  render: async () => "up 1\n",
};

async function askForMetrics(authorization?: string, metrics: ServerDeps["metrics"] = METRICS, path = "/metrics") {
  const server = await serve([], metrics);
  onTestFinished(server.stop);
  const headers = { connection: "close", ...(authorization !== undefined && { authorization }) };
  const answer = await fetch(`${server.url}${path}`, { headers });
  const known = ["content-type", "content-length", "cache-control", "etag", "www-authenticate", "vary"];
  return { status: answer.status, text: await answer.text(), headers: known.map((name) => answer.headers.get(name)) };
}

test("/metrics answers whoever has its token", async () => {
  const { status, text, headers } = await askForMetrics(`Bearer ${METRICS.token}`);
  expect({ status, text }).toEqual({ status: 200, text: "up 1\n" });
  expect(headers).toEqual([METRICS.contentType, "5", "no-store", null, null, null]);
});

test.each([
  undefined,
  "",
  "Bearer ",
  "Bearer wrong",
  `Bearer ${METRICS.token}x`,
  `bearer ${METRICS.token.slice(1)}`,
  METRICS.token,
  `Basic ${METRICS.token}`,
])("PRODUCT 5: with the authorization %j nothing is at /metrics, as at any other path", async (authorization) => {
  const nowhere = await askForMetrics(authorization, METRICS, "/nowhere");
  expect(nowhere.status).toBe(404);
  expect(await askForMetrics(authorization)).toEqual(nowhere);
});

test("without METRICS_TOKEN nothing is at /metrics, whatever the token", async () => {
  for (const authorization of [undefined, "Bearer ", "Bearer undefined"])
    expect((await askForMetrics(authorization, undefined)).status).toBe(404);
});
