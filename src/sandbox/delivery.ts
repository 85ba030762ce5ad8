import { createHmac } from "node:crypto";
import type { WebexEvent } from "./records.ts";
import { isSubscribed, webhookPayload } from "./webhook-event.ts";
import type { Webhook } from "./webhooks.ts";
import type { WebhookDelivery, World } from "./world.ts";

const TIMEOUT_MS = 10_000;
/** So many failures in so long a time make a webhook inactive, and it stays so (Webhooks guide). */
const FAILURE_LIMIT = { most: 100, withinMs: 5 * 60_000 };

/** Calls the webhooks that are interested in what happens: in order for each, and without holding up the API. */
export function createWebhookDelivery(world: World) {
  const queues = new Map<string, Promise<void>>();
  const failures = new Map<string, readonly number[]>();
  const stop = new AbortController();
  const unlisten = world.happenings.subscribe(tellAll);

  function tellAll(happening: WebexEvent): void {
    for (const hook of world.webhooks.all()) {
      if (hook.status !== "active" || !isSubscribed(world, hook, happening)) continue;
      const body = JSON.stringify(webhookPayload(world, hook, happening));
      const before = queues.get(hook.id) ?? Promise.resolve();
      queues.set(
        hook.id,
        before.then(() => deliver(hook.id, body)),
      );
    }
  }

  /** Never retried: Webex promises no second delivery. */
  async function deliver(hookId: string, body: string): Promise<void> {
    const hook = world.webhooks.get(hookId);
    if (hook?.status !== "active" || stop.signal.aborted) return;
    const began = performance.now();
    const { status, error } = await post(hook, body);
    const { resource, event } = JSON.parse(body);
    const time = new Date(world.clock()).toISOString();
    const ms = Math.round(performance.now() - began);
    world.news.emit({
      type: "webhook",
      data: { time, resource, event, status, ...(error && { error }), ms },
    });
    if (status < 200 || status > 299) recordFailure(hook);
  }

  async function post(hook: Webhook, body: string): Promise<Pick<WebhookDelivery, "status" | "error">> {
    const signature = hook.secret && createHmac("sha1", hook.secret).update(body).digest("hex");
    const headers = {
      "content-type": "application/json",
      ...(signature && { "X-Spark-Signature": signature }),
    };
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const response = await fetch(hook.targetUrl, { method: "POST", headers, body, signal });
      await response.arrayBuffer();
      return { status: response.status };
    } catch (error) {
      return { status: 0, error: networkErrorText(error) };
    }
  }

  function recordFailure(hook: Webhook): void {
    const now = world.clock();
    const recent = (failures.get(hook.id) ?? [])
      .filter((at) => now - at < FAILURE_LIMIT.withinMs)
      .concat(now);
    failures.set(hook.id, recent);
    const current = world.webhooks.get(hook.id);
    if (recent.length < FAILURE_LIMIT.most || !current) return;
    world.webhooks.save({ ...current, status: "inactive" });
    failures.delete(hook.id);
  }

  return {
    /** Resolves once everything that was to be told has been. */
    async idle(): Promise<void> {
      await Promise.all(queues.values());
    },
    async close(): Promise<void> {
      unlisten();
      stop.abort();
      await Promise.all(queues.values());
    },
  };
}

function networkErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
