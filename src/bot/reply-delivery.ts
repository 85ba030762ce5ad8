import { isPossiblyAlertCard } from "../domain/alerts/alert-views.ts";
import type { UserRequest } from "../domain/inbound-event.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Destination, Messenger, PostedCard, PostedMessage } from "../domain/ports/messaging.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { PostedCards } from "../domain/ports/store.ts";
import { fileNotSent, internalError } from "../domain/replies/error-views.ts";
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
  readonly replaces: boolean;
}

/** Posts replies, and records which card shows what. */
export interface ReplyDelivery {
  targetOf(request: UserRequest): Promise<ReplyTarget>;
  /** The list that row numbers refer to: the pressed one, else the last one shown in the room. */
  lastList(request: UserRequest, target: ReplyTarget): Promise<PostedCard | undefined>;
  deliver(reply: Reply, delivery: DeliveryOptions): Promise<void>;
}

interface ReplyDeliveryDeps {
  readonly cards: PostedCards;
  readonly alerts: Pick<Alerts, "alertsOnCard" | "reservePressEdit" | "recordPressEdit">;
  readonly messenger: Messenger;
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
    deliver: (reply, options) => deliver(deps, reply, options),
  };
}

async function deliver(deps: ReplyDeliveryDeps, { view, rows = [], file }: Reply, options: DeliveryOptions) {
  const { request, target, command, replaces } = options;
  const { place, card } = target;
  const { senderId } = request;
  const { messageId, edits, at, replaced } = await show(deps, view, { place, pressed: replaces ? card : undefined });
  const shown = { ...place, messageId, edits, kind: view.kind, command, senderId, rows, shownAt: at };
  await deps.cards.save(shown, replaced?.messageId);
  // Before the press is recorded: after a crash in between, the file is sent twice and not lost.
  if (file !== undefined) await postFile(deps, file, { place, messageId });
  if (card === undefined || replaced !== undefined || command === "") return;
  await deps.cards.save({ ...card, lastPress: { command, senderId, at: request.at } });
}

interface ShownReply extends PostedMessage {
  /** The card that it was shown in place of. */
  readonly replaced?: PostedCard;
}

async function show(
  deps: ReplyDeliveryDeps,
  view: View,
  { place, pressed }: { readonly place: Destination; readonly pressed: PostedCard | undefined },
): Promise<ShownReply> {
  const { alerts, messenger } = deps;
  if (pressed === undefined) return messenger.post(place, view);
  if (isPossiblyAlertCard(pressed) && (await alerts.alertsOnCard(pressed.roomId, pressed.messageId)) !== undefined)
    return showOnRoot(deps, view, pressed);
  return { ...(await messenger.replace(pressed, view)), replaced: pressed };
}

/** The card of an alert is the root of a thread, so no new message may replace it: it is edited, or answered in its thread. */
async function showOnRoot(deps: ReplyDeliveryDeps, view: View, card: PostedCard): Promise<ShownReply> {
  const { alerts, messenger, clock } = deps;
  const mayEdit = await alerts.reservePressEdit(card.messageId);
  const edited = mayEdit ? await messenger.edit(card, view) : undefined;
  if (edited !== undefined) {
    await alerts.recordPressEdit(card.messageId, clock());
    return { ...edited, edits: card.edits + 1, replaced: card };
  }
  return messenger.post({ roomId: card.roomId, threadId: card.threadId ?? card.messageId }, view);
}

/** The card is posted already and announces the file, so a failure is reported in the space and not retried. */
async function postFile(
  { messenger, log }: ReplyDeliveryDeps,
  { file, text }: NonNullable<Reply["file"]>,
  { place, messageId }: { readonly place: Destination; readonly messageId: string },
): Promise<void> {
  try {
    await messenger.postFile(place, file, text);
  } catch (error) {
    const reference = messageId.slice(-12);
    log.error("file.failed", { name: file.name, reference, error });
    await messenger.post(place, error instanceof Failure ? fileNotSent(file.name, error) : internalError(reference));
  }
}
