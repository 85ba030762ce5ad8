import { quoteValue } from "../domain/commands/format.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { PostedCard } from "../domain/ports/messaging.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent, NewInboxEvent, Rooms } from "../domain/ports/store.ts";
import { isQuestion } from "../domain/unanswered.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import type { FrameworkAdapter, FrameworkEvent, RoomInfo } from "./framework.ts";
import { innerId } from "./webex-id.ts";
import { eventSchema, type WebexAction, type WebexMessage, type WebexPerson, type WebhookEvent } from "./wire.ts";

/** Turns an event of the framework into a domain event. A press becomes the text that the person could have typed. */
export function toInboundEvent(event: FrameworkEvent, bot: WebexPerson): InboundEvent {
  switch (event.kind) {
    case "message":
      return fromMessage(event.message, event.room, bot);
    case "press":
      return fromPress(event.action, event.room);
    default:
      return event;
  }
}

function fromMessage(message: WebexMessage, room: RoomInfo, bot: WebexPerson): InboundEvent {
  return {
    kind: "request",
    id: message.id,
    text: withoutMention(message, bot),
    roomId: message.roomId,
    ...room,
    senderId: message.personId,
    at: Date.parse(message.created),
    ...(message.parentId === undefined ? {} : { threadId: message.parentId }),
  };
}

function fromPress(action: WebexAction, room: RoomInfo): InboundEvent {
  return {
    kind: "request",
    id: action.id,
    text: pressText(action.inputs),
    roomId: action.roomId,
    ...room,
    senderId: action.personId,
    at: Date.parse(action.created),
    pressedMessageId: action.messageId,
  };
}

interface MessageText {
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

/**
 * The text of a message without the mention of the bot. The HTML of the message holds the name as it was mentioned; without
 * HTML the bot's name is removed from the front.
 */
export function withoutMention({ text = "", html = "" }: MessageText, bot: WebexPerson): string {
  const names = [...html.matchAll(/<spark-mention[^>]*data-object-id="([^"]+)"[^>]*>([^<]*)</g)]
    .filter(([, id = ""]) => innerId(id) === innerId(bot.id))
    .map(([, , name = ""]) => unescaped(name));
  const rest = names.reduce((left, name) => left.replace(name, " "), text);
  if (rest !== text) return trimPunctuation(rest);
  const [firstName = ""] = bot.displayName.split(" ");
  const front = [bot.displayName, firstName].find((name) => name !== "" && startsWithWord(text.trimStart(), name));
  return trimPunctuation(front === undefined ? text : text.trimStart().slice(front.length));
}

/**
 * The command of the button, then the card's inputs as quoted `name=value`: those named in the button's `with`, or all without
 * a `with`. An input whose id ends in `[]` holds several values, with commas or spaces between them. A forged press can do no more than typed text.
 */
export function pressText(inputs: Readonly<Record<string, unknown>>): string {
  const { command, with: takes, ...values } = inputs;
  const taken = typeof takes === "string" ? takes.split(" ") : Object.keys(values);
  const terms = taken.flatMap((id) => {
    const value = Object.hasOwn(values, id) ? values[id] : undefined;
    return isFilledIn(value) && /^[a-z.]+(\[\])?$/i.test(id) ? [termOf(id, String(value))] : [];
  });
  return [typeof command === "string" ? command : "", ...terms].join(" ").trim();
}

function termOf(id: string, value: string): string {
  if (!id.endsWith("[]")) return `${id}=${quoteValue(value.trim())}`;
  return `${id.slice(0, -2)}=${value
    .split(/[,;\s]+/)
    .filter((one) => one !== "")
    .map(quoteValue)
    .join(",")}`;
}

/** A star alone means anything, as in a filter that is typed: choices of a form have it for "Any". */
function isFilledIn(value: unknown): boolean {
  return (
    typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && !/^\s*\*?\s*$/.test(value))
  );
}

function startsWithWord(text: string, word: string): boolean {
  return text.toLowerCase().startsWith(word.toLowerCase()) && !/^[\p{L}\p{N}_-]/u.test(text.slice(word.length));
}

/** `@Bot, customers` and `@Bot: customers` mean `customers`. */
function trimPunctuation(text: string): string {
  return text.trim().replace(/^[,:;]\s*/, "");
}

function unescaped(html: string): string {
  return html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

/** Reads a stored event through the framework; undefined when the bot has nothing to do. */
export function createEventReader(framework: FrameworkAdapter, bot: WebexPerson) {
  return async function readEvent({ body }: Pick<InboxEvent, "body">): Promise<InboundEvent | undefined> {
    const event = parseWebhookEvent(body);
    // The framework does not handle this event.
    if (event?.resource === "rooms") return { kind: "migrated", roomId: event.data.id };
    const received = event && (await framework.dispatch(event));
    return received && toInboundEvent(received, bot);
  };
}

/** Finds a card of the bot without a record, as after the loss of the database, so that its buttons still work. */
export function createCardLookup(api: WebexApi, bot: WebexPerson) {
  return async function lookUpCard(messageId: string): Promise<PostedCard | undefined> {
    try {
      const { id, roomId, personId, parentId, created } = await api.message(messageId);
      if (personId !== bot.id) return undefined;
      const thread = parentId === undefined ? {} : { threadId: parentId };
      const blank = { kind: "unknown", command: "", senderId: "", rows: [], edits: 0 } as const;
      return { ...blank, ...thread, messageId: id, roomId, shownAt: Date.parse(created) };
    } catch (error) {
      // Anything else says nothing about the card, and the press would be ignored.
      if (error instanceof Failure && error.code === "webex.not_found") return undefined;
      throw error;
    }
  };
}

/** All other events are answered 200 and dropped. */
const HANDLED_EVENTS: ReadonlySet<string> = new Set([
  "messages:created",
  "attachmentActions:created",
  "memberships:created",
  "memberships:deleted",
  "rooms:migrated",
]);

interface IntakeDeps {
  readonly inbox: Inbox;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly botId: string;
  /** Called after an event was added. */
  readonly wake: () => void;
}

/** Stores an event in the inbox. Webex is told only after that that the bot has it: a webhook is answered 200, a frame is acknowledged. */
export function createIntake({ inbox, rooms, clock, botId, wake }: IntakeDeps) {
  return async function receive(event: WebhookEvent): Promise<"kept" | "known" | "ignored"> {
    if (event.resource === "memberships") await rooms.forgetMembers(roomOf(event), clock());
    if (!isForUs(event, botId)) return "ignored";
    const isNew = await inbox.add(toInboxEvent(event), clock());
    if (isNew) wake();
    return isNew ? "kept" : "known";
  };
}

/** The same for the body of a webhook call. */
export const receivingBodies =
  <T>(receive: (event: WebhookEvent) => Promise<T>) =>
  async (body: string): Promise<T | "malformed"> => {
    const event = parseWebhookEvent(body);
    return event === undefined ? "malformed" : receive(event);
  };

const roomOf = ({ data }: WebhookEvent): string => data.roomId ?? data.id;

/** Of the body only what is read of it: the rest of what Webex sends is longer, and each byte is written to disk twice. */
function toInboxEvent(event: WebhookEvent): NewInboxEvent {
  const { resource, event: name, data, actorId } = event;
  const senderId = isQuestion(event) ? (data.personId ?? actorId) : undefined;
  const sender = senderId === undefined ? {} : { senderId };
  const body = JSON.stringify(event);
  return { idempotencyKey: idempotencyKeyOf(event), roomId: roomOf(event), ...sender, resource, event: name, body };
}

/** The bot’s own messages come back as events and are dropped; of memberships only those of the bot matter. */
function isForUs({ resource, event, data }: WebhookEvent, botId: string): boolean {
  if (!HANDLED_EVENTS.has(`${resource}:${event}`)) return false;
  const isOwn = data.personId === botId;
  return resource === "memberships" ? isOwn : !isOwn;
}

/** A person who leaves and comes back gets the same membership id, so the key also has the time at which it began. */
function idempotencyKeyOf({ resource, event, data }: WebhookEvent): string {
  const key = `${resource}:${event}:${data.id}`;
  return resource === "memberships" ? `${key}:${data.created ?? ""}` : key;
}

/** Undefined when the body is not an event. */
export function parseWebhookEvent(body: string): WebhookEvent | undefined {
  try {
    const read = eventSchema.safeParse(JSON.parse(body));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
