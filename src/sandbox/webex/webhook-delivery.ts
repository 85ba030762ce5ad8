import { createHmac } from "node:crypto";
import type { WebhookDelivery } from "../world/call-log.ts";
import type { WebexEvent } from "../world/webex-records.ts";
import type { Webhook } from "../world/webhook-store.ts";
import type { World } from "../world/world.ts";
import { receivesEvent } from "./read-access.ts";
import { presentRoom } from "./room-routes.ts";

const TIMEOUT_MS = 10_000;
/** After this many failures within this time a webhook becomes inactive, and stays so (Webhooks guide). */
const FAILURE_LIMIT = { most: 100, withinMs: 5 * 60_000 };

interface Deliveries {
  readonly world: World;
  /** The end of the last queued delivery of each webhook. */
  readonly queues: Map<string, Promise<void>>;
  /** The times of the recent failures of each webhook. */
  readonly failures: Map<string, readonly number[]>;
  readonly stop: AbortSignal;
  readonly post: PostWebhook;
}

/** Calls a webhook. Rejects when there is no answer. */
export type PostWebhook = (url: string, call: WebhookCall) => Promise<{ readonly status: number }>;

interface WebhookCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly stop: AbortSignal;
}

/** Delivers events to the webhooks that subscribe to them: in order for each webhook, and without delaying the API. */
export function createWebhookDelivery(world: World, post: PostWebhook = postOverNetwork) {
  const stop = new AbortController();
  const deliveries: Deliveries = { world, queues: new Map(), failures: new Map(), stop: stop.signal, post };
  const unsubscribe = world.webexEvents.subscribe((event) => enqueueDeliveries(deliveries, event));

  return {
    /** Resolves once all queued deliveries are done. */
    async idle(): Promise<void> {
      await Promise.all(deliveries.queues.values());
    },
    async close(): Promise<void> {
      unsubscribe();
      stop.abort();
      await Promise.all(deliveries.queues.values());
    },
  };
}

function enqueueDeliveries(deliveries: Deliveries, event: WebexEvent): void {
  const { world, queues } = deliveries;
  for (const hook of world.webhooks.all()) {
    if (hook.status !== "active" || !isSubscribed(world, hook, event)) continue;
    const body = JSON.stringify(webhookPayload(world, hook, event));
    const before = queues.get(hook.id) ?? Promise.resolve();
    queues.set(
      hook.id,
      before.then(() => deliver(deliveries, hook.id, body)),
    );
  }
}

/** A failed delivery is not retried: Webex promises no second one. */
async function deliver(deliveries: Deliveries, hookId: string, body: string): Promise<void> {
  const { world, stop, post } = deliveries;
  const hook = world.webhooks.get(hookId);
  if (hook?.status !== "active" || stop.aborted) return;
  const startedAt = performance.now();
  const { status, error } = await call(post, { hook, body, stop });
  const { resource, event } = JSON.parse(body);
  const time = new Date(world.clock()).toISOString();
  const ms = Math.round(performance.now() - startedAt);
  world.calls.recordWebhook({ time, resource, event, status, ...(error && { error }), ms });
  if (status < 200 || status > 299) recordFailure(deliveries, hook);
}

interface SignedCall extends Pick<WebhookCall, "body" | "stop"> {
  readonly hook: Webhook;
}

async function call(
  post: PostWebhook,
  { hook, body, stop }: SignedCall,
): Promise<Pick<WebhookDelivery, "status" | "error">> {
  const signature = hook.secret && createHmac("sha1", hook.secret).update(body).digest("hex");
  const headers = {
    "content-type": "application/json",
    ...(signature && { "X-Spark-Signature": signature }),
  };
  try {
    const { status } = await post(hook.targetUrl, { headers, body, stop });
    return { status };
  } catch (error) {
    return { status: 0, error: networkErrorText(error) };
  }
}

async function postOverNetwork(
  url: string,
  { headers, body, stop }: WebhookCall,
): Promise<{ readonly status: number }> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { method: "POST", headers, body, signal });
  await response.arrayBuffer();
  return response;
}

function recordFailure({ world, failures }: Deliveries, hook: Webhook): void {
  const now = world.clock();
  const recent = (failures.get(hook.id) ?? []).filter((at) => now - at < FAILURE_LIMIT.withinMs).concat(now);
  failures.set(hook.id, recent);
  const current = world.webhooks.get(hook.id);
  if (recent.length < FAILURE_LIMIT.most || !current) return;
  world.webhooks.save({ ...current, status: "inactive" });
  failures.delete(hook.id);
}

function networkErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

const RESOURCES = {
  message: "messages",
  room: "rooms",
  membership: "memberships",
  attachmentAction: "attachmentActions",
} as const;

/** True if the webhook gets this event: by its resource and event, the read access of its creator, and its filter. */
export function isSubscribed(world: World, hook: Webhook, event: WebexEvent): boolean {
  const resource = RESOURCES[event.kind];
  if (hook.resource !== resource && (hook.resource !== "all" || resource === "attachmentActions")) return false;
  if (hook.event !== event.action && hook.event !== "all") return false;
  return receivesEvent(world, hook.createdBy, event) && matchesWebhookFilter(world, hook, event);
}

function matchesWebhookFilter(world: World, hook: Webhook, event: WebexEvent): boolean {
  const facts: Readonly<Record<string, unknown>> = {
    ...eventData(world, hook, event),
    ...filterFlags(event),
  };
  return [...new URLSearchParams(hook.filter ?? "")].every(([name, value]) => {
    const wanted = value === "me" ? hook.createdBy : value;
    const fact = facts[name];
    return Array.isArray(fact) ? fact.includes(wanted) : String(fact) === wanted;
  });
}

function filterFlags(event: WebexEvent): Readonly<Record<string, unknown>> {
  if (event.kind !== "message") return {};
  const { files, attachments } = event.message;
  return { hasFiles: files !== undefined, hasAttachments: attachments !== undefined };
}

/** The body of a delivery: ids and metadata, never the text of a message or the inputs of a card. */
export function webhookPayload(world: World, hook: Webhook, event: WebexEvent) {
  const { id, name, targetUrl, filter, orgId, createdBy, appId, ownedBy, status, created } = hook;
  return {
    id,
    name,
    targetUrl,
    resource: RESOURCES[event.kind],
    event: event.action,
    ...(filter !== undefined && { filter }),
    orgId,
    createdBy,
    appId,
    ownedBy,
    status,
    created,
    actorId: event.actorId,
    data: eventData(world, hook, event),
  };
}

function eventData(world: World, hook: Webhook, event: WebexEvent): object {
  switch (event.kind) {
    case "message": {
      const { text: _, markdown: __, html: ___, attachments: ____, ...data } = event.message;
      return data;
    }
    case "room":
      return presentRoom(world, event.room, { id: hook.createdBy });
    case "membership":
      return event.membership;
    case "attachmentAction": {
      const { inputs: _, ...data } = event.attachmentAction;
      return data;
    }
  }
}
