import type { Said } from "../domain/heard.ts";
import type { Log, Messenger, Place, PostedCard, PostedCards } from "../domain/ports.ts";
import { fileLost, mistaken } from "../domain/replies/notices.ts";
import type { Reply } from "../domain/replies/reply.ts";
import { Failure } from "../errors.ts";

type File = NonNullable<Reply["file"]>;

/** Where an answer belongs: the thread it was asked in, and the card that was pressed, if it was a press. */
export interface Spot {
  readonly place: Place;
  readonly card?: PostedCard;
}

/** How an answer reaches its spot. */
export interface Delivery {
  /** Who asked, and when. */
  readonly said: Pick<Said, "senderId" | "at">;
  readonly spot: Spot;
  /** The command whose answer it is, as text; empty when it answers none. */
  readonly command: string;
  /** Whether it takes the place of the pressed card. */
  readonly replaces: boolean;
}

/** Brings answers into rooms, and keeps in mind which card shows what. */
export interface Show {
  locate(said: Said): Promise<Spot>;
  /** The list that row numbers refer to: the one that was pressed, else the last one shown here. */
  lastList(said: Said, spot: Spot): Promise<PostedCard | undefined>;
  deliver(reply: Reply, delivery: Delivery): Promise<void>;
}

interface ShowDeps {
  readonly cards: PostedCards;
  readonly messenger: Messenger;
  /** A card that we hold no record of: what Webex says of its message; undefined when it is gone or not ours. */
  readonly lookUp: (messageId: string) => Promise<PostedCard | undefined>;
  readonly log: Log;
}

export function createShow({ cards, messenger, lookUp, log }: ShowDeps): Show {
  /** The card is there already and promises a file, so its loss is said in the space instead of asking it all again. */
  async function deliverFile({ file, text }: File, place: Place, messageId: string): Promise<void> {
    try {
      await messenger.postFile(place, file, text);
    } catch (error) {
      const reference = messageId.slice(-12);
      log.error("file.failed", { name: file.name, reference, error });
      await messenger.post(
        place,
        error instanceof Failure ? fileLost(file.name, error) : mistaken(reference),
      );
    }
  }

  return {
    async locate({ roomId, threadId, pressed }) {
      const card =
        pressed === undefined ? undefined : ((await cards.find(pressed)) ?? (await lookUp(pressed)));
      const root = threadId ?? card?.threadId;
      const place = root === undefined ? { roomId } : { roomId, threadId: root };
      return card === undefined ? { place } : { place, card };
    },

    async lastList({ roomId, senderId }, { card }) {
      return card?.kind === "customers" && card.rows.length > 0 ? card : cards.lastList(roomId, senderId);
    },

    async deliver({ view, rows = [], file }, { said, spot, command, replaces }) {
      const { place, card } = spot;
      const replaced = replaces ? card : undefined;
      const posted =
        replaced === undefined ? await messenger.post(place, view) : await messenger.replace(replaced, view);
      const { messageId, edits, at: shownAt } = posted;
      const { senderId } = said;
      await cards.save(
        { ...place, messageId, edits, kind: view.kind, command, senderId, rows, shownAt },
        replaced?.messageId,
      );
      // Before the press is remembered: after a crash in between, the file goes out once more rather than never.
      if (file !== undefined) await deliverFile(file, place, messageId);
      if (card === undefined || replaces || command === "") return;
      await cards.save({ ...card, lastPress: { command, senderId, at: said.at } });
    },
  };
}
