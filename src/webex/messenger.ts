import type { Recipient } from "../domain/alerts/notice.ts";
import type { PlainEvent } from "../domain/log-events.ts";
import type { DescribedFile, Destination, PostedMessage, ReplaceableCard } from "../domain/ports/messaging.ts";
import type { Log } from "../domain/ports/runtime.ts";
import { clockOf, UTC, writeTimes } from "../domain/views/time-mark.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";
import type { MessageBody, WebexApi } from "./api.ts";
import { UNEXPECTED } from "./failures.ts";
import type { WebexMessage } from "./wire.ts";

interface RenderedView {
  readonly card: unknown;
  readonly text: string;
}

export interface MessengerDeps {
  readonly api: WebexApi;
  readonly log: Log;
  /** @param zone whose clock times are written by */
  readonly render: (view: View, zone?: string) => RenderedView;
  /** The time zone that a room has chosen. */
  readonly zoneOf: (roomId: string) => Promise<string | undefined>;
  /** Returns the faults for which Webex would reject the card, or draw it badly. */
  readonly lint: (card: unknown) => readonly string[];
}

/** The calls of the `Gate`, which alone holds it, without its question. */
export interface Messenger {
  post(place: Destination, view: View): Promise<PostedMessage>;
  postFile(place: Destination, file: DescribedFile): Promise<PostedMessage>;
  replace(card: ReplaceableCard, view: View): Promise<PostedMessage>;
  notify(to: Recipient & { readonly threadId?: string }, view: View): Promise<PostedMessage>;
  edit(card: Pick<ReplaceableCard, "roomId" | "messageId">, view: View): Promise<PostedMessage | undefined>;
}

/** Posts views as cards. A card that is invalid, or that Webex rejects, is posted as its plain text instead. */
export function createMessenger(deps: MessengerDeps): Messenger {
  const { api } = deps;
  return {
    post: (place, view) => postTo(deps, place, view, api.postMessage),
    notify: ({ threadId, ...recipient }, view) =>
      postTo(deps, { ...addressOf(recipient), ...(threadId !== undefined && { threadId }) }, view, api.postOnce),
    edit: (card, view) => edit(deps, card, view),
    replace: (card, view) => replace(deps, card, view),
    postFile: (place, file) => postFile(deps, place, file),
  };
}

type Address = Pick<MessageBody, "roomId" | "toPersonId" | "toPersonEmail">;

function addressOf(recipient: Recipient): Address {
  if ("roomId" in recipient) return recipient;
  return "personId" in recipient ? { toPersonId: recipient.personId } : { toPersonEmail: recipient.email };
}

/**
 * Posts the view in the best form that Webex accepts: a rejected thread may have lost its root, and a rejected card is posted as
 * plain text (ALERTS 29). A 403, or a 404 without a thread, is about the room and not about the form.
 */
async function postTo(
  deps: MessengerDeps,
  { threadId, ...address }: Address & { readonly threadId?: string },
  view: View,
  send: WebexApi["postMessage"],
): Promise<PostedMessage> {
  const content = await contentOf(deps, view, address.roomId);
  const attempts: Attempt[] = [];
  if (threadId !== undefined)
    attempts.push({ body: { ...address, ...content, parentId: threadId }, final: ["webex.forbidden"] });
  if (content.attachments !== undefined) attempts.push({ body: { ...address, ...content }, final: ROOM_REFUSED });
  for (const { body, final } of attempts) {
    const message = await undefinedIfRejected(send(body), { log: deps.log, event: "message.rejected", final });
    if (message !== undefined) return toPosted(message, body.parentId);
  }
  return toPosted(await send({ ...address, text: content.text }));
}

interface Attempt {
  readonly body: MessageBody;
  /** The failures after which no other form is tried. */
  readonly final: readonly string[];
}

const ROOM_REFUSED = ["webex.forbidden", "webex.not_found"];

/** The card and its text, or the text alone if the card is invalid. */
async function contentOf(
  { render, zoneOf, lint, log }: MessengerDeps,
  view: View,
  roomId: string | undefined,
): Promise<Pick<MessageBody, "text" | "attachments">> {
  const { card, text } = render(view, roomId === undefined ? undefined : await zoneOf(roomId));
  const faults = lint(card);
  if (faults.length === 0)
    return { text, attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }] };
  log.error("card.invalid", { card: view.kind, faults });
  return { text };
}

async function edit(
  deps: MessengerDeps,
  { roomId, messageId }: Pick<ReplaceableCard, "roomId" | "messageId">,
  view: View,
): Promise<PostedMessage | undefined> {
  const call = deps.api.editMessage(messageId, { roomId, ...(await contentOf(deps, view, roomId)) });
  const message = await undefinedIfRejected(call, { log: deps.log, event: "edit.rejected" });
  return message && toPosted(message);
}

/** The limit of Webex for one message. */
const MAX_EDITS = 10;

async function replace(deps: MessengerDeps, card: ReplaceableCard, view: View): Promise<PostedMessage> {
  const { api, log } = deps;
  const edited = card.edits < MAX_EDITS ? await edit(deps, card, view) : undefined;
  const { roomId, threadId } = card;
  const place = { roomId, ...(threadId !== undefined && { threadId }) };
  if (edited !== undefined) return { ...edited, ...place, edits: card.edits + 1 };
  const posted = await postTo(deps, place, view, api.postMessage);
  await api.deleteMessage(card.messageId).catch((error: unknown) => log.warn("message.not_deleted", { error }));
  return posted;
}

async function postFile(
  { api, zoneOf, log }: MessengerDeps,
  { roomId, threadId }: Destination,
  { file, text }: DescribedFile,
): Promise<PostedMessage> {
  const body = { roomId, text: writeTimes(text, clockOf((await zoneOf(roomId)) ?? UTC)) };
  if (threadId !== undefined) {
    const inThread = api.postFile({ ...body, parentId: threadId }, file);
    const message = await undefinedIfRejected(inThread, { log, event: "file.rejected", final: ["webex.forbidden"] });
    if (message !== undefined) return toPosted(message, threadId);
  }
  return toPosted(await api.postFile(body, file));
}

/** After these, another form of the same message would fail as well, or might be posted twice. */
const NOT_WORTH_RETRYING: readonly string[] = ["webex.unauthorized", UNEXPECTED];

/** Undefined if Webex rejected this form of the message for good, so that the caller tries another; throws all other failures. */
async function undefinedIfRejected(
  call: Promise<WebexMessage>,
  { log, event, final = [] }: { readonly log: Log; readonly event: PlainEvent; readonly final?: readonly string[] },
): Promise<WebexMessage | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable) throw error;
    if ([...NOT_WORTH_RETRYING, ...final].includes(error.code)) throw error;
    log.warn(event, { error });
    return undefined;
  }
}

function toPosted({ id, roomId, created, updated = created }: WebexMessage, threadId?: string): PostedMessage {
  const thread = threadId !== undefined && { threadId };
  return { messageId: id, roomId, ...thread, edits: 0, at: Date.parse(updated) };
}
