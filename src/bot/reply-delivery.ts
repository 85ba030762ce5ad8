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
  Withheld,
} from "../domain/ports/messaging.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { EventEnd, PostedCards } from "../domain/ports/store.ts";
import type { InView } from "../domain/replies/complete-command.ts";
import { fileNotSent, fileWithheld, internalError } from "../domain/replies/error-views.ts";
import type { Reply } from "../domain/replies/reply.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";

/** Where a reply belongs: the thread of the request, and the pressed card if it was a press. */
export interface ReplyTarget {
  readonly place: Destination;
  readonly card?: PostedCard;
}

export interface DeliveryOptions {
  readonly request: Pick<UserRequest, "senderId" | "at">;
  readonly target: ReplyTarget;
  /** The command that is answered, as text; empty when none is. */
  readonly command: string;
  readonly shown: Shown;
  readonly replaces: boolean;
}

/** Posts replies, and finds which card shows what. */
export interface ReplyDelivery {
  targetOf(request: UserRequest): Promise<ReplyTarget>;
  /** The list that row numbers refer to: the pressed one, else the last one shown in the room. */
  lastList(request: UserRequest, target: ReplyTarget): Promise<PostedCard | undefined>;
  /** The cards that the person who typed the request has in view. */
  inView(request: UserRequest): Promise<InView>;
  /** Posts the reply. Its cards are recorded with the end of the event: what was posted before a crash is posted again. */
  deliver(reply: Reply, delivery: DeliveryOptions): Promise<Delivered | Withheld>;
}

export type Delivered = Required<Pick<EventEnd, "cards">>;

interface ReplyDeliveryDeps {
  readonly cards: Pick<PostedCards, "find" | "lastList" | "recent">;
  readonly alerts: Pick<Alerts, "alertsOnCard" | "reservePressEdit" | "recordPressEdit">;
  readonly gate: Omit<Gate, "refusal" | "notify">;
  /** Reads a card without a record from Webex; undefined when it is gone or not the bot’s. */
  readonly lookUpCard: (messageId: string) => Promise<PostedCard | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createReplyDelivery(deps: ReplyDeliveryDeps): ReplyDelivery {
  const { cards, lookUpCard } = deps;
  return {
    async targetOf({ roomId, threadId, pressedMessageId: pressed }) {
      const card = pressed === undefined ? undefined : ((await cards.find(pressed)) ?? (await lookUpCard(pressed)));
      const root = threadId ?? card?.threadId;
      const place = root === undefined ? { roomId } : { roomId, threadId: root };
      return card === undefined ? { place } : { place, card };
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

/** The root of a thread may be a notice of long ago, or the message of a person. */
function unrecordedCard(roomId: string, messageId: string): PostedCard {
  return { roomId, messageId, kind: "unknown", command: "", senderId: "", rows: [], edits: 0, shownAt: 0 };
}

async function deliver(
  deps: ReplyDeliveryDeps,
  { view, rows = [], offer, file }: Reply,
  { request, target, command, shown, replaces }: DeliveryOptions,
): Promise<Delivered | Withheld> {
  const { place, card } = target;
  const { senderId } = request;
  const posted = await show(deps, view, { place, shown, pressed: replaces ? card : undefined });
  if ("withheld" in posted) return posted;
  const { messageId, roomId, threadId, edits, at, replaced } = posted;
  if (file !== undefined) await postFile(deps, file, { place, messageId, shown });
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
}

async function show(
  deps: ReplyDeliveryDeps,
  view: View,
  { place, shown, pressed }: ReplyPlace,
): Promise<ShownReply | Withheld> {
  const { alerts, gate } = deps;
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

/** The card is posted already and announces the file, so a failure is reported in the space and not retried. */
async function postFile(
  { gate, log }: ReplyDeliveryDeps,
  described: DescribedFile,
  { place, messageId, shown }: { readonly place: Destination; readonly messageId: string; readonly shown: Shown },
): Promise<void> {
  const { name } = described.file;
  try {
    const posted = await gate.postFile(place, described, shown);
    if ("withheld" in posted) await gate.post(place, fileWithheld(name), "no customers");
  } catch (error) {
    const reference = messageId.slice(-12);
    log.error("file.failed", { name, reference, error });
    const why = error instanceof Failure ? fileNotSent(name, error) : internalError(reference);
    await gate.post(place, why, "no customers");
  }
}
