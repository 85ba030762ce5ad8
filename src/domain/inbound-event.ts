/** What a webhook event turned out to be, once it was read. */
export type InboundEvent = UserRequest | BotAdded | BotRemoved | RoomMigrated;

/** Somebody asked something: typed it, or pressed a button that carries the same text. */
export interface UserRequest {
  readonly kind: "request";
  /** The id of the message or of the attachment action. */
  readonly id: string;
  /** The command, without the mention of the bot in front. */
  readonly text: string;
  readonly roomId: string;
  readonly isDirect: boolean;
  /** What the space is called, as far as that is known. */
  readonly space?: string | undefined;
  readonly senderId: string;
  /** By Webex's clock, epoch milliseconds. */
  readonly at: number;
  /** The root of the thread it was typed in. */
  readonly threadId?: string;
  /** The message whose card was pressed. */
  readonly pressedMessageId?: string;
}

/** The bot was added to a room. */
export interface BotAdded {
  readonly kind: "added";
  readonly roomId: string;
  readonly isDirect: boolean;
  readonly byPersonId: string;
}

/** The bot was removed from a room. */
export interface BotRemoved {
  readonly kind: "removed";
  readonly roomId: string;
}

/** Webex has given a room another id. It does not document which it had before, so that only the new one is known. */
export interface RoomMigrated {
  readonly kind: "migrated";
  readonly roomId: string;
}
