import { z } from "zod";
import { isStorable } from "../../domain/foreign-text.ts";
import type { FaultLog } from "../../domain/ports/runtime.ts";
import { Failure } from "../../errors.ts";
import { innerId, publicId } from "../webex-id.ts";
import { eventSchema, type WebexPerson, type WebhookEvent } from "../wire.ts";
import type { Services } from "./catalog.ts";
import type { ServiceCalls } from "./service-calls.ts";

const uuid = z.string().refine(isStorable);
const thing = z.looseObject({ id: uuid.optional(), entryUUID: uuid.optional() });
const space = z.object({ id: uuid, url: z.string(), globalId: uuid.optional() });

/** An event as Webex tells it devices, as far as it is read: ids are bare, and texts are encrypted. A new space is the object itself. */
const activitySchema = z
  .object({
    id: uuid,
    verb: z.string(),
    published: z.string().default(""),
    actor: thing.default({}),
    object: thing.extend({ participants: z.object({ items: z.array(thing).default([]) }).optional() }).default({}),
    target: space.optional(),
  })
  .transform(({ target, object, ...activity }, context) => {
    const where = target === undefined ? space.safeParse(object) : { data: target };
    if (where.data === undefined) context.addIssue("It is about no space.");
    return { ...activity, object, space: where.data ?? NOWHERE };
  });

const NOWHERE = { id: "", url: "", globalId: undefined };

export type Activity = z.infer<typeof activitySchema>;

/** Undefined for anything that is no activity of a space. */
export const parseActivity = (value: unknown): Activity | undefined => activitySchema.safeParse(value).data;

interface ReaderDeps {
  readonly calls: ServiceCalls;
  readonly services: Services;
  readonly bot: WebexPerson;
  readonly log: Pick<FaultLog, "warn">;
}

/**
 * The events that webhooks would have brought for an activity. The public id of a message or a press is asked for, as it depends
 * on the region; throws what may pass. Nothing is asked about what the bot did itself.
 */
export async function readActivity(activity: Activity, deps: ReaderDeps): Promise<readonly WebhookEvent[]> {
  const by = uuidOf(activity.actor);
  const isOwn = by === innerId(deps.bot.id);
  switch (activity.verb) {
    case "post":
    case "share":
      return isOwn ? [] : [await subjectEvent("messages", activity, deps)];
    case "cardAction":
      return isOwn ? [] : [await subjectEvent("attachmentActions", activity, deps)];
    case "add":
    case "create":
      // The bot is the only member of the spaces that it makes: those of the probe.
      return isOwn ? [] : addedBy(activity).map((who) => membershipEvent("created", who, activity, deps));
    case "leave":
      return [membershipEvent("deleted", uuidOf(activity.object) ?? by ?? "", activity, deps)];
    default:
      return [];
  }
}

const uuidOf = ({ entryUUID, id }: z.infer<typeof thing>): string | undefined => entryUUID ?? id;

/** The people whom it brings into its space. */
function addedBy({ verb, object }: Activity): readonly string[] {
  const added = verb === "add" ? [object] : (object.participants?.items ?? []);
  return added.flatMap((one) => uuidOf(one) ?? []);
}

/** The path is below the address of its service, where Webex answers with the public id. */
const SUBJECTS = {
  messages: { path: "messages", kind: "MESSAGE" },
  attachmentActions: { path: "attachment/actions", kind: "ATTACHMENT_ACTION" },
} as const;

async function subjectEvent(
  resource: keyof typeof SUBJECTS,
  activity: Activity,
  deps: ReaderDeps,
): Promise<WebhookEvent> {
  const { actor, published } = activity;
  const id = await subjectId(SUBJECTS[resource], activity, deps);
  const personId = personIdOf(uuidOf(actor) ?? "", deps.bot);
  const data = { id, roomId: roomIdOf(activity, deps), personId, created: published };
  return eventSchema.parse({ resource, event: "created", actorId: personId, data });
}

/**
 * Composed where Webex will never tell it: the inbox tries to read the event for longer, and says so if nobody answers it. One
 * that is not stored would come again and again, and keep the events behind it waiting.
 */
async function subjectId(
  { path, kind }: (typeof SUBJECTS)[keyof typeof SUBJECTS],
  { id, space, verb }: Activity,
  { calls, services, log }: ReaderDeps,
): Promise<string> {
  const url = space.url.replace(/conversations\/[^/]*$/, `${path}/${id}`);
  try {
    return (await calls.call(z.object({ id: uuid }), "GET", url)).id;
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable) throw error;
    log.warn("socket.id_composed", { verb, code: error.code });
    return publicId(kind, id, services.clusterOf(space.url));
  }
}

function membershipEvent(
  event: "created" | "deleted",
  who: string,
  activity: Activity,
  { services, bot }: Pick<ReaderDeps, "services" | "bot">,
): WebhookEvent {
  const { space, actor, published } = activity;
  const data = {
    id: publicId("MEMBERSHIP", `${who}:${space.id}`, services.clusterOf(space.url)),
    roomId: roomIdOf(activity, { services }),
    personId: personIdOf(who, bot),
    created: published,
  };
  return eventSchema.parse({ resource: "memberships", event, actorId: personIdOf(uuidOf(actor) ?? "", bot), data });
}

const roomIdOf = ({ space }: Activity, { services }: Pick<ReaderDeps, "services">): string =>
  space.globalId ?? publicId("ROOM", space.id, services.clusterOf(space.url));

/** The bot's own id as Webex writes it, because ids are compared as texts. */
const personIdOf = (who: string, bot: WebexPerson): string =>
  who === innerId(bot.id) ? bot.id : publicId("PEOPLE", who);
