import { isPossiblyAlertCard } from "../domain/alerts/alert-cards.ts";
import type { UserRequest } from "../domain/inbound-event.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Destination, Messenger, PostedCard, PostedMessage } from "../domain/ports/messaging.ts";
import type { Log } from "../domain/ports/runtime.ts";
import type { PostedCards } from "../domain/ports/store.ts";
import { fileNotSent, internalError } from "../domain/replies/error-views.ts";
import type { Reply } from "../domain/replies/reply.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";

type ReplyFile = NonNullable<Reply["file"]>;

interface ShownReply extends PostedMessage {
  /** The card whose place it took. */
  readonly replaced?: PostedCard;
}

/** Where an answer belongs: the thread it was asked in, and the card that was pressed, if it was a press. */
export interface ReplyTarget {
  readonly place: Destination;
  readonly card?: PostedCard;
}

/** How an answer reaches its spot. */
export interface DeliveryOptions {
  /** Who asked, and when. */
  readonly request: Pick<UserRequest, "senderId" | "at">;
  readonly target: ReplyTarget;
  /** The command whose answer it is, as text; empty when it answers none. */
  readonly command: string;
  /** Whether it takes the place of the pressed card. */
  readonly replaces: boolean;
}

/** Brings answers into rooms, and keeps in mind which card shows what. */
export interface ReplyDelivery {
  targetOf(upstreamMessage: UserRequest): Promise<ReplyTarget>;
  /** The list that row numbers refer to: the one that was pressed, else the last one shown here. */
  lastList(upstreamMessage: UserRequest, spot: ReplyTarget): Promise<PostedCard | undefined>;
  deliver(reply: Reply, delivery: DeliveryOptions): Promise<void>;
}

interface ReplyDeliveryDeps {
  readonly cards: PostedCards;
  readonly alerts: Pick<Alerts, "alertsOnCard" | "reserveEdit">;
  readonly messenger: Messenger;
  /** A card that we hold no record of: what Webex says of its message; undefined when it is gone or not ours. */
  readonly lookUpCard: (messageId: string) => Promise<PostedCard | undefined>;
  readonly log: Log;
}

export function createReplyDelivery({ cards, alerts, messenger, lookUpCard, log }: ReplyDeliveryDeps): ReplyDelivery {
  /** A thread hangs on the card of an alert, so it is edited where it is, or stays as it is and is answered in its thread. */
  async function answerRoot(card: PostedCard, view: View): Promise<ShownReply> {
    const mayEdit = await alerts.reserveEdit(card.roomId, card.messageId);
    const edited = mayEdit ? await messenger.edit(card, view) : undefined;
    if (edited !== undefined) return { ...edited, edits: card.edits + 1, replaced: card };
    return messenger.post({ roomId: card.roomId, threadId: card.threadId ?? card.messageId }, view);
  }

  async function put(view: View, place: Destination, pressed: PostedCard | undefined): Promise<ShownReply> {
    if (pressed === undefined) return messenger.post(place, view);
    if (isPossiblyAlertCard(pressed) && (await alerts.alertsOnCard(pressed.roomId, pressed.messageId)).length > 0)
      return answerRoot(pressed, view);
    return { ...(await messenger.replace(pressed, view)), replaced: pressed };
  }

  /** The card is there already and promises a file, so its loss is said in the space instead of asking it all again. */
  async function deliverFile({ file, text }: ReplyFile, place: Destination, messageId: string): Promise<void> {
    try {
      await messenger.postFile(place, file, text);
    } catch (error) {
      const reference = messageId.slice(-12);
      log.error("file.failed", { name: file.name, reference, error });
      await messenger.post(place, error instanceof Failure ? fileNotSent(file.name, error) : internalError(reference));
    }
  }

  return {
    async targetOf({ roomId, threadId, pressedMessageId }) {
      const card =
        pressedMessageId === undefined
          ? undefined
          : ((await cards.find(pressedMessageId)) ?? (await lookUpCard(pressedMessageId)));
      const root = threadId ?? card?.threadId;
      const place = root === undefined ? { roomId } : { roomId, threadId: root };
      return card === undefined ? { place } : { place, card };
    },

    async lastList({ roomId, senderId }, { card }) {
      return card?.kind === "customers" && card.rows.length > 0 ? card : cards.lastList(roomId, senderId);
    },

    async deliver({ view, rows = [], file }, { request, target, command, replaces }) {
      const { place, card } = target;
      const { messageId, edits, at: shownAt, replaced } = await put(view, place, replaces ? card : undefined);
      const { senderId } = request;
      await cards.save(
        { ...place, messageId, edits, kind: view.kind, command, senderId, rows, shownAt },
        replaced?.messageId,
      );
      // Before the press is remembered: after a crash in between, the file goes out once more rather than never.
      if (file !== undefined) await deliverFile(file, place, messageId);
      if (card === undefined || replaced !== undefined || command === "") return;
      await cards.save({ ...card, lastPress: { command, senderId, at: request.at } });
    },
  };
}
