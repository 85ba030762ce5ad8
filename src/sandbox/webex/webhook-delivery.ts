import { createHmac } from "node:crypto";
import type { WebexEvent } from "../world/webex-records.ts";
import type { Webhook } from "../world/webhook-store.ts";
import type { WebhookDelivery, World } from "../world/world.ts";
import { canRead } from "./read-access.ts";
import { presentRoom } from "./room-routes.ts";

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
    const recent = (failures.get(hook.id) ?? []).filter((at) => now - at < FAILURE_LIMIT.withinMs).concat(now);
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

const RESOURCES = {
  message: "messages",
  room: "rooms",
  membership: "memberships",
  attachmentAction: "attachmentActions",
} as const;

/** Whether a webhook is to be told: its resource and event, what its creator may see, and its filter. */
export function isSubscribed(world: World, hook: Webhook, happening: WebexEvent): boolean {
  const resource = RESOURCES[happening.kind];
  if (hook.resource !== resource && (hook.resource !== "all" || resource === "attachmentActions")) return false;
  if (hook.event !== happening.action && hook.event !== "all") return false;
  return (
    isPublished(happening) && isVisibleToOwner(world, hook, happening) && matchesWebhookFilter(world, hook, happening)
  );
}

/**
 * Webex tells of no edits, and documents nothing that it would tell of a removed room: `rooms` knows created, updated and
 * migrated, and `memberships` deleted is for those who leave or are put out (Webhooks guide).
 *
 * Of a migrated room is documented that those in it are told, that its id has changed, and that the new one is to be used;
 * not what the event's `data` is, nor whether messages keep their ids. Here it is the room as it is now, like in the other
 * events about rooms, without a word about the old id; and messages keep theirs.
 */
function isPublished({ kind, action }: WebexEvent): boolean {
  return !(kind === "message" && action === "updated") && !(kind === "room" && action === "deleted");
}

function isVisibleToOwner({ people, rooms, messages }: World, hook: Webhook, happening: WebexEvent): boolean {
  const person = people.byId(hook.createdBy);
  if (!person) return false;
  switch (happening.kind) {
    case "message":
      return canRead(happening.message, person, rooms);
    case "room":
      return rooms.member(happening.room.id, person.id) !== undefined || happening.actorId === person.id;
    case "membership":
      return rooms.member(happening.membership.roomId, person.id) !== undefined;
    case "attachmentAction":
      return messages.attachmentAction(happening.attachmentAction.id)?.cardBy === person.id;
  }
}

function matchesWebhookFilter(world: World, hook: Webhook, happening: WebexEvent): boolean {
  const facts: Readonly<Record<string, unknown>> = {
    ...eventData(world, hook, happening),
    ...filterFlags(happening),
  };
  return [...new URLSearchParams(hook.filter ?? "")].every(([name, value]) => {
    const wanted = value === "me" ? hook.createdBy : value;
    const fact = facts[name];
    return Array.isArray(fact) ? fact.includes(wanted) : String(fact) === wanted;
  });
}

function filterFlags(happening: WebexEvent): Readonly<Record<string, unknown>> {
  if (happening.kind !== "message") return {};
  const { files, attachments } = happening.message;
  return { hasFiles: files !== undefined, hasAttachments: attachments !== undefined };
}

/** What is sent: ids and circumstances, never what was said or typed. */
export function webhookPayload(world: World, hook: Webhook, happening: WebexEvent) {
  const { id, name, targetUrl, filter, orgId, createdBy, appId, ownedBy, status, created } = hook;
  return {
    id,
    name,
    targetUrl,
    resource: RESOURCES[happening.kind],
    event: happening.action,
    ...(filter !== undefined && { filter }),
    orgId,
    createdBy,
    appId,
    ownedBy,
    status,
    created,
    actorId: happening.actorId,
    data: eventData(world, hook, happening),
  };
}

function eventData(world: World, hook: Webhook, happening: WebexEvent): object {
  switch (happening.kind) {
    case "message": {
      const { text: _, markdown: __, html: ___, attachments: ____, ...data } = happening.message;
      return data;
    }
    case "room":
      return presentRoom(world, happening.room, { id: hook.createdBy });
    case "membership":
      return happening.membership;
    case "attachmentAction": {
      const { inputs: _, ...data } = happening.attachmentAction;
      return data;
    }
  }
}
