import assert from "node:assert/strict";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { until } from "../../support/until.ts";
import { type Arena, sign } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";

/** Sends these bytes and returns what comes back until the other side closes, or `isEnough`. */
function sendRaw(address: string, pieces: readonly (string | Buffer)[], isEnough = /\r\n\r\n/): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = "";
    const end = () => {
      socket.destroy();
      resolve(received);
    };
    socket.on("data", (chunk) => {
      received += String(chunk);
      if (isEnough.test(received)) end();
    });
    socket.on("error", end);
    socket.on("close", end);
    for (const piece of pieces) socket.write(piece);
  });
}

const HEAD = "Host: bot\r\n";
const body = '{"resource":"messages","event":"created","data":{"id":"smuggled","roomId":"r"}}';
const signed = `X-Spark-Signature: ${sign(body)}\r\n`;

/** Requests that no program sends by mistake, with the statuses that are right; empty for a connection that is just closed. */
const RAW: Readonly<
  Record<string, { readonly send: readonly (string | Buffer)[]; readonly statuses: readonly string[] }>
> = {
  "no HTTP at all": { send: ["hello\r\n\r\n"], statuses: ["400", ""] },
  "a TLS greeting": { send: [Buffer.from("16030100c8010000c40303", "hex"), "\r\n\r\n"], statuses: ["400", ""] },
  "two lengths": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`],
    statuses: ["400"],
  },
  "a length and chunks": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    statuses: ["400"],
  },
  "chunks under a false name": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    statuses: ["400", "501"],
  },
  "a chunk with a wrong length": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n`],
    statuses: ["400"],
  },
  "a negative length": { send: [`POST /webhook HTTP/1.1\r\n${HEAD}Content-Length: -1\r\n\r\n`], statuses: ["400"] },
  "a length of more digits than numbers have": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Content-Length: ${"9".repeat(40)}\r\n\r\n`],
    statuses: ["400"],
  },
  "a line break within a header": {
    send: [`GET /healthz HTTP/1.1\r\n${HEAD}X: a\r\n b: c\r\n\r\n`],
    statuses: ["400", "200"],
  },
  "a zero byte within a header": { send: [`GET /healthz HTTP/1.1\r\n${HEAD}X: a\u0000b\r\n\r\n`], statuses: ["400"] },
  "no host": { send: ["GET /healthz HTTP/1.1\r\n\r\n"], statuses: ["400"] },
  "a whole address in the request": {
    send: [`GET http://169.254.169.254/latest HTTP/1.1\r\n${HEAD}\r\n`],
    statuses: ["404", "400"],
  },
  "CONNECT to another host": {
    send: [`CONNECT 169.254.169.254:80 HTTP/1.1\r\n${HEAD}\r\n`],
    statuses: ["", "400", "404", "405"],
  },
  TRACE: { send: [`TRACE /webhook HTTP/1.1\r\n${HEAD}X-Secret: abc\r\n\r\n`], statuses: ["404", "405", "400"] },
  "an upgrade to a websocket": {
    send: [`GET /webhook HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n`],
    statuses: ["404", "400", ""],
  },
  "HTTP/2 without TLS": { send: ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], statuses: ["400", "505", ""] },
  "headers of 100 kB": {
    send: [`GET /healthz HTTP/1.1\r\n${HEAD}X: ${"x".repeat(100_000)}\r\n\r\n`],
    statuses: ["431", ""],
  },
  "10,000 headers": {
    send: [
      `GET /healthz HTTP/1.1\r\n${HEAD}${Array.from({ length: 10_000 }, (_, at) => `X-${at}: 1\r\n`).join("")}\r\n`,
    ],
    statuses: ["431", ""],
  },
  "an address of 100 kB": {
    send: [`GET /${"x".repeat(100_000)} HTTP/1.1\r\n${HEAD}\r\n`],
    statuses: ["431", "414", "404", ""],
  },
  "an expectation that nobody meets": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Expect: gold\r\nContent-Length: 0\r\n\r\n`],
    statuses: ["417"],
  },
  "a body of 10 GB, announced": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}${signed}Content-Length: 10000000000\r\n\r\n`],
    statuses: ["413", "408"],
  },
  "a body of 200 kB in chunks": {
    send: [
      `POST /webhook HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
      `30d40\r\n${"x".repeat(200_000)}\r\n0\r\n\r\n`,
    ],
    statuses: ["413"],
  },
  "a bomb of gzip": {
    send: [
      `POST /webhook HTTP/1.1\r\n${HEAD}Content-Encoding: gzip\r\nContent-Length: ${gzipSync(Buffer.alloc(10_000_000)).length}\r\n\r\n`,
      gzipSync(Buffer.alloc(10_000_000)),
    ],
    statuses: ["415", "401"],
  },
  "an encoding that does not exist": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Content-Encoding: evil\r\nContent-Length: 2\r\n\r\n{}`],
    statuses: ["415", "401"],
  },
  "a second request behind a short body": {
    send: [`POST /webhook HTTP/1.1\r\n${HEAD}Content-Length: 2\r\n\r\n{}POST /webhook HTTP/1.1\r\n${HEAD}\r\n`],
    statuses: ["401"],
  },
};

async function tryRaw({ send, statuses }: (typeof RAW)[string], arena: Arena): Promise<void> {
  const answer = await sendRaw(arena.botUrl, send);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? "";
  assert.ok(statuses.includes(status), `It was answered: ${answer.slice(0, 200)}`);
  assert.ok(!answer.includes("smuggled"));
  assertQuiet(answer);
  assert.equal((await fetch(`${arena.botUrl}/healthz`)).status, 200);
}

/** Nothing about the inside: no version, no stack, no path, no figure. */
function assertQuiet(answer: string): void {
  assert.doesNotMatch(
    answer,
    /x-powered-by|express|node_modules|at .*\.(js|ts):|Error:|\/work\/|sqlite|customers|libsql/i,
  );
}

const PATHS: readonly string[] = [
  "/",
  "/sandbox/people",
  "/v1/people/me",
  "/webhook/",
  "/webhook/../healthz",
  "/..%2f..%2fetc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/bot.db",
  "/.env",
  "/metrics",
  "/readyz/../bot.db",
  "/readyz?details=true",
  "/readyz?verbose=1&customers=1",
  "/healthz?check=db",
  "/%00",
  "/%E0%A4%A",
  "/__proto__",
  "/constructor",
  "/debug/pprof",
  "/admin",
  "//evil.example/",
  "/healthz%20",
  "/READYZ",
  "/webhook?x-spark-signature=1",
  "/favicon.ico",
  "/robots.txt",
  "/status",
  "/server-status",
];

const METHODS: readonly string[] = ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "GET", "PROPFIND", "PURGE"];

export const strangers: Area = {
  name: "strangers' HTTP",
  judged: "the status is a plain refusal, the answer tells nothing about the inside, and the bot answers the next call",
  attacks: async (arena): Promise<readonly Attack[]> => [
    ...forEach(RAW, tryRaw),
    ...PATHS.map(
      (path): Attack => ({
        name: `GET ${path}`,
        async run() {
          const answer = await sendRaw(
            arena.botUrl,
            [`GET ${path} HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`],
            /(?!)/,
          );
          assert.doesNotMatch(answer, /^HTTP\/1\.1 5/);
          assertQuiet(answer);
          assert.doesNotMatch(answer.split("\r\n\r\n")[1] ?? "", /\d{2,}/, "It has figures.");
        },
      }),
    ),
    ...METHODS.map(
      (method): Attack => ({
        name: `${method} /webhook`,
        async run() {
          const answer = await sendRaw(
            arena.botUrl,
            [`${method} /webhook HTTP/1.1\r\n${HEAD}${signed}Connection: close\r\n\r\n`],
            /(?!)/,
          );
          assert.match(answer, /^HTTP\/1\.1 (200|400|401|404|405)/);
          assert.doesNotMatch(answer, /kept/);
          assertQuiet(answer);
        },
      }),
    ),
    {
      name: "a thousand questions about the health at once",
      async run() {
        const answers = await Promise.all(
          Array.from({ length: 1_000 }, () => fetch(`${arena.botUrl}/readyz`).then(({ status }) => status)),
        );
        assert.deepEqual([...new Set(answers)], [200]);
      },
    },
    {
      name: "200 slow connections while the bot stops",
      async run() {
        const { hostname, port } = new URL(arena.botUrl);
        const sockets = Array.from({ length: 200 }, () => connect(Number(port), hostname).on("error", () => undefined));
        for (const socket of sockets) socket.write(`POST /webhook HTTP/1.1\r\n${HEAD}Content-Length: 1000\r\n\r\n{`);
        const drip = setInterval(() => sockets.forEach((socket) => void (socket.writable && socket.write("x"))), 200);
        try {
          await arena.control("POST", "/bot", { action: "stop" });
          assert.equal(arena.bot.state().reason, "The bot has stopped.");
        } finally {
          clearInterval(drip);
          for (const socket of sockets) socket.destroy();
          await arena.control("POST", "/bot", { action: "start" });
          await arena.waitForReady();
        }
      },
    },
    {
      name: "a connection that sends its headers for ever",
      async run() {
        const { hostname, port } = new URL(arena.botUrl);
        const socket = connect(Number(port), hostname).on("error", () => undefined);
        let isClosed = false;
        socket.on("close", () => {
          isClosed = true;
        });
        socket.write("GET /healthz HTTP/1.1\r\n");
        const drip = setInterval(() => socket.writable && socket.write("X: x\r\n"), 500);
        socket.resume();
        await until(() => assert.ok(isClosed));
        clearInterval(drip);
      },
    },
  ],
};
