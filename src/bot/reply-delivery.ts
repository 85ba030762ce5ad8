import type { Shown } from "../domain/access.ts";
import { isPossiblyAlertCard } from "../domain/alerts/alert-views.ts";
import type { UserRequest } from "../domain/inbound-event.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type {
  DescribedFile,
  Destination,
  Gate,
  PostedCard,
  PostedMessage,
  ReplaceableCard,
  Withheld,
} from "../domain/ports/messaging.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { EventEnd, PostedCards } from "../domain/ports/store.ts";
import type { InView } from "../domain/replies/complete-command.ts";
import { fileNotSent, fileWithheld, internalError } from "../domain/replies/error-views.ts";
import type { Reply } from "../domain/replies/reply.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";
import type { UnderWay } from "./under-way.ts";

/** Where a reply belongs: the thread of the request, and the pressed card if it was a press. */
export interface ReplyTarget {
  readonly place: Destination;
  readonly card?: PostedCard;
  /** The message that says that the reply is under way: the reply takes its place. */
  readonly underWay?: ReplaceableCard | undefined;
}

export interface DeliveryOptions {
  readonly request: Pick<UserRequest, "senderId" | "at">;
  readonly target: ReplyTarget;
  /** The command that is answered, as text; empty when none is. */
  readonly command: string;
  readonly shown: Shown;
  readonly replaces: boolean;
  /** The event that is answered, if the reply has a file. */
  readonly eventId?: number;
}

/** Posts replies, and finds which card shows what. */
export interface ReplyDelivery {
  /** @param underWay the message of an earlier try that says that the reply is under way */
  targetOf(request: UserRequest, underWay?: string): Promise<ReplyTarget>;
  /** The list that row numbers refer to: the pressed one, else the last one shown in the room. */
  lastList(request: UserRequest, target: ReplyTarget): Promise<PostedCard | undefined>;
  /** The cards that the person who typed the request has in view. */
  inView(request: UserRequest): Promise<InView>;
  /** Posts the reply. Its cards are recorded with the end of the event: what was posted before a crash is posted again. */
  deliver(reply: Reply, delivery: DeliveryOptions): Promise<Delivered | Withheld>;
}

export type Delivered = Required<Pick<EventEnd, "cards">>;

interface ReplyDeliveryDeps {
  readonly cards: Pick<PostedCards, "find" | "keep" | "lastList" | "recent">;
  readonly alerts: Pick<Alerts, "alertsOnCard" | "reservePressEdit" | "recordPressEdit">;
  readonly gate: Omit<Gate, "refusal" | "notify">;
  readonly underWay: Pick<UnderWay, "follow">;
  /** Reads a card without a record from Webex; undefined when it is gone or not the bot’s. */
  readonly lookUpCard: (messageId: string) => Promise<PostedCard | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createReplyDelivery(deps: ReplyDeliveryDeps): ReplyDelivery {
  const { cards } = deps;
  return {
    async targetOf({ roomId, threadId, pressedMessageId: pressed }, underWayId) {
      const card = pressed === undefined ? undefined : await pressedCard(deps, pressed);
      const root = threadId ?? card?.threadId;
      const place = root === undefined ? { roomId } : { roomId, threadId: root };
      const underWay = underWayId !== undefined && { underWay: { ...place, messageId: underWayId, edits: 0 } };
      return { place, ...(card !== undefined && { card }), ...underWay };
    },
    async lastList({ roomId, senderId }, { card }) {
      return card?.kind === "customers" && card.rows.length > 0 ? card : cards.lastList(roomId, senderId);
    },
    async inView({ roomId, senderId, threadId }) {
      const recent = await cards.recent(roomId, senderId);
      const list = await cards.lastList(roomId, senderId);
      const space = list === undefined ? recent : [...recent, list];
      if (threadId === undefined) return { thread: [], space };
      const root = (await cards.find(threadId)) ?? unrecordedCard(roomId, threadId);
      return { thread: [...recent.filter((card) => card.threadId === threadId), root], space };
    },
    deliver: (reply, options) => deliver(deps, reply, options),
  };
}

/**
 * The record of a pressed card. One without a record is kept from here on: if its answer takes its place and the process ends
 * then, the next try still knows that the card was the bot's, though Webex has it no more.
 */
async function pressedCard({ cards, lookUpCard }: ReplyDeliveryDeps, pressed: string): Promise<PostedCard | undefined> {
  const known = await cards.find(pressed);
  if (known !== undefined) return known;
  const found = await lookUpCard(pressed);
  if (found !== undefined) await cards.keep(found);
  return found;
}

/** The root of a thread may be a notice of long ago, or the message of a person. */
function unrecordedCard(roomId: string, messageId: string): PostedCard {
  return { roomId, messageId, kind: "unknown", command: "", senderId: "", rows: [], edits: 0, shownAt: 0 };
}

async function deliver(deps: ReplyDeliveryDeps, reply: Reply, options: DeliveryOptions): Promise<Delivered | Withheld> {
  const { view, rows = [], offer } = reply;
  const { request, target, command, shown, replaces } = options;
  const { place, card, underWay } = target;
  const { senderId } = request;
  const posted = await show(deps, view, { place, shown, pressed: replaces ? card : undefined, underWay });
  if ("withheld" in posted) return posted;
  const { messageId, roomId, threadId, at, replaced } = posted;
  const edits = posted.edits + (await postFile(deps, reply, { ...options, announcement: posted }));
  const thread = threadId !== undefined && { threadId };
  const content = { kind: view.kind, command, senderId, rows, ...(offer !== undefined && { offer }) };
  const shownCard = { roomId, ...thread, messageId, edits, ...content, shownAt: at };
  const isPress = card !== undefined && replaced === undefined && command !== "";
  const pressed = isPress ? [{ card: { ...card, lastPress: { command, senderId, at: request.at } } }] : [];
  return { cards: [{ card: shownCard, replaced: replaced?.messageId }, ...pressed] };
}

interface ShownReply extends PostedMessage {
  /** The card that it was shown in place of. */
  readonly replaced?: PostedCard;
}

interface ReplyPlace {
  readonly place: Destination;
  readonly shown: Shown;
  readonly pressed: PostedCard | undefined;
  readonly underWay: ReplyTarget["underWay"];
}

async function show(
  deps: ReplyDeliveryDeps,
  view: View,
  { place, shown, pressed, underWay }: ReplyPlace,
): Promise<ShownReply | Withheld> {
  const { alerts, gate } = deps;
  if (underWay !== undefined) return gate.replace(underWay, view, shown);
  if (pressed === undefined) return gate.post(place, view, shown);
  if (isPossiblyAlertCard(pressed) && (await alerts.alertsOnCard(pressed.roomId, pressed.messageId)) !== undefined)
    return showOnRoot(deps, view, { card: pressed, shown });
  const posted = await gate.replace(pressed, view, shown);
  return "withheld" in posted ? posted : { ...posted, replaced: pressed };
}

/** The card of an alert is the root of a thread, so no new message may replace it: it is edited, or answered in its thread. */
async function showOnRoot(
  deps: ReplyDeliveryDeps,
  view: View,
  { card, shown }: { readonly card: PostedCard; readonly shown: Shown },
): Promise<ShownReply | Withheld> {
  const { alerts, gate, clock } = deps;
  const mayEdit = await alerts.reservePressEdit(card.messageId);
  const edited = mayEdit ? await gate.edit(card, view, shown) : undefined;
  const { roomId, threadId } = card;
  if (edited === undefined) return gate.post({ roomId, threadId: threadId ?? card.messageId }, view, shown);
  if ("withheld" in edited) return edited;
  await alerts.recordPressEdit(card.messageId, clock());
  return { ...edited, ...(threadId !== undefined && { threadId }), edits: card.edits + 1, replaced: card };
}

/** Posts the file of a reply that is shown already. @returns how often the message that announces it was edited meanwhile */
async function postFile(
  deps: ReplyDeliveryDeps,
  { file, viewWithFile }: Reply,
  { target: { place }, shown, eventId, announcement }: DeliveryOptions & { readonly announcement: PostedMessage },
): Promise<number> {
  if (file === undefined) return 0;
  const send = () => sendFile(deps, file, { place, messageId: announcement.messageId, shown });
  if (viewWithFile === undefined || eventId === undefined) {
    await send();
    return 0;
  }
  const view = () => viewWithFile("in progress");
  const end = deps.underWay.follow({ eventId, message: announcement, shown, view });
  const isSent = await send().catch(async (error: unknown) => {
    await end(viewWithFile("not sent"));
    throw error;
  });
  return end(viewWithFile(isSent ? "sent" : "not sent"));
}

/** The card is posted already and announces the file, so a failure is reported in the space and not retried. */
async function sendFile(
  { gate, log }: ReplyDeliveryDeps,
  described: DescribedFile,
  { place, messageId, shown }: { readonly place: Destination; readonly messageId: string; readonly shown: Shown },
): Promise<boolean> {
  const { name } = described.file;
  try {
    const posted = await gate.postFile(place, described, shown);
    if (!("withheld" in posted)) return true;
    await gate.post(place, fileWithheld(name), "no customers");
  } catch (error) {
    const reference = messageId.slice(-12);
    log.error("file.failed", { name, reference, error });
    const why = error instanceof Failure ? fileNotSent(name, error) : internalError(reference);
    await gate.post(place, why, "no customers");
  }
  return false;
}
