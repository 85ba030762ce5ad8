import type { Refusal, Shown } from "../access.ts";
import type { Recipient } from "../alerts/notice.ts";
import type { View } from "../views/views.ts";

/**
 * Posts and edits messages; nothing else in the bot can. Each call asks first whether the room or the person may see what is
 * shown now (PRODUCT 5), and sends nothing if not. Throws a `Failure` when Webex rejects a message.
 */
export interface Gate {
  /** Why this may not be shown there now; undefined if it may. */
  refusal(to: Recipient, shown: Shown): Promise<Refusal | undefined>;
  post(place: Destination, view: View, shown: Shown): Promise<PostedMessage | Withheld>;
  /** Posts a file as a message of its own, with a text that describes it. */
  postFile(place: Destination, file: DescribedFile, shown: Shown): Promise<PostedMessage | Withheld>;
  /** Edits a card; where Webex rejects that, posts a new one and deletes the old one, so the returned id may be another. */
  replace(card: ReplaceableCard, view: View, shown: Shown): Promise<PostedMessage | Withheld>;
  /** Posts a notice. Tried once, because the outbox decides about retries (ALERTS 29). */
  notify(to: Recipient & { readonly threadId?: string }, view: View, shown: Shown): Promise<PostedMessage | Withheld>;
  /** Edits a card, and never replaces it, because it may be the root of a thread. Undefined when Webex rejects one. */
  edit(
    card: Pick<ReplaceableCard, "roomId" | "messageId">,
    view: View,
    shown: Shown,
  ): Promise<PostedMessage | Withheld | undefined>;
}

/** Nothing was sent. */
export interface Withheld {
  readonly withheld: Refusal;
}

/** Webex’s answers about the bot itself; undefined where it does not answer, or its answers contradict each other. */
export interface Presence {
  isTokenAccepted(): Promise<boolean | undefined>;
  /** True if the bot is a member of this room, by the room and by the membership. */
  isMember(roomId: string): Promise<boolean | undefined>;
}

export interface OutgoingFile {
  /** `customers-2026-11-23.csv` */
  readonly name: string;
  readonly type: string;
  /** Produces the content while it is sent. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

export interface DescribedFile {
  readonly file: OutgoingFile;
  readonly text: string;
}

export interface Destination {
  readonly roomId: string;
  /** The root of the thread to reply in. */
  readonly threadId?: string;
}

export interface ReplaceableCard extends Destination {
  readonly messageId: string;
  /** The edits so far; Webex allows ten. */
  readonly edits: number;
}

export interface PostedMessage {
  readonly messageId: string;
  readonly roomId: string;
  /** The root of the thread that it is in. Absent outside of a thread, also where Webex rejected the one that was asked for. */
  readonly threadId?: string;
  readonly edits: number;
  /** When the message got this content, by Webex's clock, epoch milliseconds. */
  readonly at: number;
}

/** The record of a card: what it shows now, so that it can be paged and `open 16` finds row 16. */
export interface PostedCard {
  readonly messageId: string;
  readonly roomId: string;
  readonly threadId?: string;
  /** `unknown` when the record is lost. */
  readonly kind: View["kind"] | "unknown";
  /** The command that it answers, as text; empty for a notice. */
  readonly command: string;
  /** The person who requested its present content. */
  readonly senderId: string;
  /** The customers that it shows, by their rows. */
  readonly rows: readonly CardRow[];
  /** The command that "yes" stands for, where the card asks something. */
  readonly offer?: string;
  readonly edits: number;
  /** When it got its present content, by Webex's clock, epoch milliseconds. */
  readonly shownAt: number;
  /** The last press that was answered with a message of its own, so that one press does not act twice. */
  readonly lastPress?: { readonly command: string; readonly senderId: string; readonly at: number };
}

export interface CardRow {
  readonly row: number;
  readonly customerId: string;
  readonly title: string;
}
