import { createServer, type Server } from "node:http";
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
import type { Log } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";

export interface ServerDeps extends Omit<WebhookDeps, "onRefused"> {
  readonly log: Log;
  readonly health: () => Promise<HealthReport>;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no new calls and resolves when those under way have been answered. */
  stop(): Promise<void>;
}

export async function startServer(port: number, deps: ServerDeps): Promise<RunningServer> {
  const server = createServer(createExpressApp(deps));
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function createExpressApp(deps: ServerDeps): Express {
  const { log, health } = deps;
  const app = express();
  app.disable("x-powered-by");
  app.post("/webhook", ...webhookRoute({ ...deps, onRefused: (reason) => log.warn("webhook.refused", { reason }) }));
  app.get("/healthz", (_request, response) => {
    response.json({ ok: true });
  });
  app.get("/readyz", async (_request, response) => {
    const { checks } = await health();
    const reasons = checks.filter(({ ok, vital }) => vital && !ok).map(({ name, detail }) => `${name}: ${detail}`);
    response.status(reasons.length > 0 ? 503 : 200).json({ ready: reasons.length === 0, reasons, checks });
  });
  app.use(errorHandler(log));
  return app;
}

/** Too big is 413, a broken body 400, and anything of our own 500: Webex then counts the delivery as failed. */
function errorHandler(log: Log): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const status = typeof error?.status === "number" && error.status < 500 ? error.status : 500;
    if (status === 500) log.error("request.failed", { error });
    response
      .status(status)
      .json({ message: status === 500 ? "The bot could not do this." : "The request was not understood." });
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenFailure(cause, port)));
    server.listen(port, () => resolve());
  });
}

function listenFailure(cause: NodeJS.ErrnoException, port: number): Failure {
  const taken = cause.code === "EADDRINUSE";
  const what = taken ? `Port ${port} is in use by another program.` : `The server cannot listen on port ${port}.`;
  return new Failure("server.listen", what, "Set PORT to a free port.", { cause });
}

/** What the webhook route asks of the house: whether the bytes are Webex's, and to keep the event before it says 200. */
export interface WebhookDeps {
  readonly isSigned: (body: Buffer, signature: string | undefined) => boolean;
  /** Resolves once the event is kept, or known already, or of no interest; `malformed` when it is no event. */
  readonly receive: (body: string) => Promise<"kept" | "known" | "ignored" | "malformed">;
  readonly onRefused: (reason: string) => void;
}

/** A webhook call of Webex is a few hundred bytes. */
const MAX_BODY = "64kb";

/**
 * Bytes -> signature, else 401 -> JSON, else 400 -> kept -> 200. Nothing is answered 200 that could still be lost, and
 * nothing is read of a body whose signature is wrong. A body over the limit is answered 413 by express.
 */
export function webhookRoute({ isSigned, receive, onRefused }: WebhookDeps): readonly RequestHandler[] {
  async function take(request: Request, response: Response): Promise<void> {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body) || !isSigned(body, request.get("x-spark-signature"))) {
      onRefused("signature");
      response.status(401).json({ message: "The signature does not match the body." });
      return;
    }
    const outcome = await receive(body.toString("utf8"));
    if (outcome === "malformed") onRefused("malformed");
    response.status(outcome === "malformed" ? 400 : 200).json({ outcome });
  }
  return [raw({ type: () => true, limit: MAX_BODY, inflate: false }), take];
}
