import type { WebexEvent } from "./records.ts";
import { presentRoom } from "./webex-api/rooms.ts";
import { canRead } from "./webex-api/sight.ts";
import type { Webhook } from "./webhooks.ts";
import type { World } from "./world.ts";

const RESOURCES = {
  message: "messages",
  room: "rooms",
  membership: "memberships",
  attachmentAction: "attachmentActions",
} as const;

/** Whether a webhook is to be told: its resource and event, what its creator may see, and its filter. */
export function isSubscribed(world: World, hook: Webhook, happening: WebexEvent): boolean {
  const resource = RESOURCES[happening.kind];
  if (hook.resource !== resource && (hook.resource !== "all" || resource === "attachmentActions"))
    return false;
  if (hook.event !== happening.action && hook.event !== "all") return false;
  return (
    isPublished(happening) &&
    isVisibleToOwner(world, hook, happening) &&
    matchesWebhookFilter(world, hook, happening)
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
