import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  raw,
} from "express";
import type { HealthReport } from "../domain/health-report.ts";
import type { Meter } from "../domain/ports/meter.ts";
import type { FaultLog } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";

export interface ServerDeps {
  /** True if Webex signed exactly these bytes; the signature is the header X-Spark-Signature. */
  readonly verify: (body: Buffer, signature: string | undefined) => boolean;
  /** Stores the event of a verified body, unless it is known or of no interest. */
  readonly receive: (body: string) => Promise<"kept" | "known" | "ignored" | "malformed">;
  readonly health: () => Promise<HealthReport>;
  readonly meter: Pick<Meter, "webhookRefused">;
  /** Absent when `METRICS_TOKEN` is not set. */
  readonly metrics?: MetricsEndpoint | undefined;
  readonly log: FaultLog;
}

interface MetricsEndpoint {
  /** `METRICS_TOKEN`. */
  readonly token: string;
  readonly contentType: string;
  readonly render: () => Promise<string>;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no new calls and resolves when those under way have been answered, or cut off after 2 s. */
  stop(): Promise<void>;
}

/** Serves requests on `port`, or on a free port when it is 0. */
export type Serve = (port: number, handle: RequestListener) => Promise<RunningServer>;

/** The routes of the bot for a server. */
export const createRequestListener = (deps: ServerDeps): RequestListener => createExpressApp(deps);

/** Longer than proxies keep an idle connection, which is a minute with most: they fail a call on one that the bot has just closed. */
const KEEP_ALIVE_MS = 75_000;

/** A call of Webex is one packet. Whoever sends a byte a second is cut off, also while the bot stops. */
const DEADLINES = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 1_000 };
/** Calls that are not answered this long after a stop began are cut off: Webex sends them again. */
const FINISH_MS = 2_000;

/** Serves over TCP, on this address, or on all of the machine. Throws `server.listen` when the port is taken. */
export const serveOn =
  (address?: string): Serve =>
  async (port, handle) => {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...DEADLINES }, handle);
    await listen(server, { port, host: address });
    const { port: bound } = server.address() as AddressInfo;
    return {
      port: bound,
      stop: () =>
        new Promise((resolve) => {
          const cutOff = setTimeout(() => server.closeAllConnections(), FINISH_MS);
          server.close(() => {
            clearTimeout(cutOff);
            resolve();
          });
          server.closeIdleConnections();
        }),
    };
  };

function createExpressApp(deps: ServerDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.post("/webhook", rawBody, verifyAndReceive(deps));
  app.get("/healthz", (_request, response) => {
    response.json({ ok: true });
  });
  app.get("/readyz", async (_request, response) => {
    const { checks } = await deps.health();
    const failed = checks.filter(({ ok }) => !ok);
    // Anybody may ask, so without numbers and causes. `status` in a space has them.
    const reasons = failed.map(({ name }) => name);
    const ready = !failed.some(({ vital }) => vital);
    const status = failed.length === 0 ? "ok" : "degraded";
    response
      .status(ready ? 200 : 503)
      .json({ ready, status, reasons, checks: checks.map(({ name, ok }) => ({ name, ok })) });
  });
  if (deps.metrics !== undefined) app.get("/metrics", serveMetrics(deps.metrics));
  app.use((_request, response) => {
    response.status(404).type("text/plain").send("Nothing is here.\n");
  });
  app.use(errorHandler(deps.log));
  return app;
}

/** Without the token, or with a wrong one, nothing is there. */
function serveMetrics({ token, contentType, render }: MetricsEndpoint): RequestHandler {
  return async (request, response, next) => {
    if (!isSame(request.get("authorization") ?? "", `Bearer ${token}`)) return next();
    const text = await render();
    response.set({ "content-type": contentType, "cache-control": "no-store" }).end(text);
  };
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/** The body as bytes, because the signature is over the bytes. The body of a webhook call is a few hundred bytes long. */
const rawBody = raw({ type: () => true, limit: "64kb", inflate: false });

/**
 * Verify, else 401; parse, else 400; store; then 200. An event answered with 200 is never lost, and a body with a wrong
 * signature is not parsed. A body over the limit is answered 413 by express.
 */
function verifyAndReceive({ verify, receive, meter, log }: ServerDeps): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body) || !verify(body, request.get("x-spark-signature"))) {
      meter.webhookRefused("signature");
      log.failing("webhook.rejected", { reason: "signature" }, "signature");
      response.status(401).json({ message: "The signature does not match the body." });
      return;
    }
    log.working("webhook.rejected", "signature");
    const outcome = await receive(body.toString("utf8"));
    log.working("request.failed");
    if (outcome === "malformed") {
      meter.webhookRefused("malformed");
      log.failing("webhook.rejected", { reason: "malformed" }, "malformed");
    } else log.working("webhook.rejected", "malformed");
    response.status(outcome === "malformed" ? 400 : 200).json({ outcome });
  };
}

/** A body that is too large is 413, a broken one 400, a failure of the bot 500: Webex then counts the call as failed. */
function errorHandler(log: FaultLog): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const status = typeof error?.status === "number" && error.status < 500 ? error.status : 500;
    if (status === 500) log.failing("request.failed", { error });
    const message = status === 500 ? "The bot could not do this." : "The request was not understood.";
    response.status(status).json({ message });
  };
}

function listen(server: Server, place: { readonly port: number; readonly host: string | undefined }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenFailure(cause, place.port)));
    server.listen(place, () => resolve());
  });
}

function listenFailure(cause: NodeJS.ErrnoException, port: number): Failure {
  const taken = cause.code === "EADDRINUSE";
  const what = taken ? `Port ${port} is in use by another program.` : `The server cannot listen on port ${port}.`;
  return new Failure("server.listen", what, "Set PORT to a free port.", { cause });
}
