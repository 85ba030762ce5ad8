import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Config } from "../config.ts";
import { createFaultLog } from "../domain/fault-log.ts";
import { Failure } from "../errors.ts";
import { createHttp } from "../http.ts";
import { readVersion } from "../package-root.ts";
import { createRequestListener, type RunningServer, serveOn } from "../server/server.ts";
import { parseWebhookEvent } from "../webex/inbound.ts";
import { verifySignature } from "../webex/webhook-signature.ts";
import { SILENT_LOG } from "./silent-log.ts";

/** The listener on `PORT`. */
export type FoundBot =
  /** Nothing did, so the doctor itself listens there until `close`, and answers calls of the webhook as the bot would. */
  | { readonly state: "absent"; readonly hasReceived: (body: string) => boolean; close(): Promise<void> }
  | { readonly state: "running"; readonly readiness: Readiness; close(): Promise<void> }
  /** Something that is no bot. */
  | { readonly state: "foreign"; readonly failure: Failure; close(): Promise<void> };

const readinessSchema = z.object({
  ready: z.boolean(),
  status: z.enum(["ok", "degraded"]),
  reasons: z.array(z.string()),
});

/** The answer of `/readyz`. */
export type Readiness = z.infer<typeof readinessSchema>;

/** @param callMs how long it waits for the answer of a listener */
export async function findBot(config: Config, callMs: number): Promise<FoundBot> {
  const received = new Set<string>();
  try {
    const server = await listenAsBot(config, (body) => received.add(body));
    return { state: "absent", hasReceived: (body) => received.has(body), close: server.stop };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const readiness = await readReadiness(config.port, callMs);
    const close = async () => undefined;
    return readiness === undefined ? { state: "foreign", failure, close } : { state: "running", readiness, close };
  }
}

/** The bot's own routes and check of signatures. Only a probe is answered 200: the doctor keeps no event of Webex. */
function listenAsBot({ port, webex }: Config, onProbe: (body: string) => void): Promise<RunningServer> {
  const routes = createRequestListener({
    verify: (body, signature) => verifySignature(body, signature, webex.webhook?.secrets ?? []),
    receive: async (body) => {
      if (!isProbe(body)) throw new Failure("doctor.event", "The doctor keeps no events.", "Start the bot.");
      onProbe(body);
      return "ignored";
    },
    health: async () => ({ version: readVersion(), startedAt: Date.now(), checks: [NO_BOT] }),
    meter: { webhookRefused: () => undefined },
    log: createFaultLog(SILENT_LOG, Date.now),
  });
  return serveOn()(port, routes);
}

/** For those who ask `/readyz` meanwhile. */
const NO_BOT = { name: "Bot", ok: false, detail: "does not run", vital: true, stopsHeartbeat: true } as const;

const PROBE = { resource: "doctor", event: "probe" } as const;

/** The body of a call that a bot takes by its signature and drops by its kind. */
export const createProbe = (): string => JSON.stringify({ ...PROBE, data: { id: randomUUID() } });

const isProbe = (body: string): boolean => parseWebhookEvent(body)?.resource === PROBE.resource;

/** Undefined when what listens there is no bot of this kind. */
async function readReadiness(port: number, timeoutMs: number): Promise<Readiness | undefined> {
  const http = createHttp({
    baseUrl: `http://127.0.0.1:${port}`,
    connections: 1,
    timeoutMs,
    retries: 0,
    secrets: { redact: (text) => text },
  });
  try {
    const response = await http.request({ method: "GET", path: "/readyz" });
    return readinessSchema.safeParse(response.json()).data;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  } finally {
    await http.close();
  }
}
