import type { Recipient } from "../alerts/notice.ts";
import type { View } from "../views/views.ts";

/** Speaks in rooms. Throws a `Failure` when Webex does not take the message. */
export interface Messenger {
  post(place: Destination, view: View): Promise<PostedMessage>;
  /** A file in a message of its own, with a text that says what it is. */
  postFile(place: Destination, file: OutgoingFile, text: string): Promise<PostedMessage>;
  /**
   * Shows `view` in the place of an older card: edits it, or, where Webex refuses that, posts a new one and removes the old.
   * The person notices no difference; the returned message id may be a new one.
   */
  replace(card: ReplaceableCard, view: View): Promise<PostedMessage>;
  /** What nobody asked for: tried once, so that whoever owes it decides what comes next. */
  notify(to: Recipient & { readonly threadId?: string }, view: View): Promise<PostedMessage>;
  /** Brings a card up to date where it is, or not at all: it may be the root of a thread. Undefined when Webex refuses. */
  edit(card: Pick<ReplaceableCard, "roomId" | "messageId">, view: View): Promise<PostedMessage | undefined>;
}

export interface OutgoingFile {
  /** `customers-2026-11-23.csv` */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** The content, produced while it is sent. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

export interface Destination {
  readonly roomId: string;
  /** The root of the thread to answer in. */
  readonly threadId?: string;
}

export interface ReplaceableCard extends Destination {
  readonly messageId: string;
  /** How often it was edited already; Webex allows ten. */
  readonly edits: number;
}

export interface PostedMessage {
  readonly messageId: string;
  readonly roomId: string;
  readonly edits: number;
  /** When Webex says the message got this content: its clock, epoch milliseconds. */
  readonly at: number;
}

/** A card of ours in a room: what it shows now, so that it can be paged, and so that `open 16` finds row 16. */
export interface PostedCard {
  readonly messageId: string;
  readonly roomId: string;
  readonly threadId?: string;
  /** What it shows; unknown when our record of it is lost. */
  readonly kind: View["kind"] | "unknown";
  /** The command whose answer it shows, as text; empty when it answers none. */
  readonly command: string;
  /** Who asked for what it shows now. */
  readonly senderId: string;
  readonly rows: readonly CardRow[];
  readonly edits: number;
  /** When it got its present content, by Webex's clock, epoch milliseconds. */
  readonly shownAt: number;
  /** The last press on it that was answered with a message of its own: one press must not act twice. */
  readonly lastPress?: { readonly command: string; readonly senderId: string; readonly at: number };
}

export interface CardRow {
  readonly row: number;
  readonly customerId: string;
  readonly title: string;
}
