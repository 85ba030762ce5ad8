/** A webhook event, with what was read from Webex for it. */
export type InboundEvent = UserRequest | BotAdded | BotRemoved | RoomMigrated;

/** A typed command, or a pressed button, which carries the same text. */
export interface UserRequest {
  readonly kind: "request";
  /** The id of the message or of the attachment action. */
  readonly id: string;
  /** The command, without the mention of the bot. */
  readonly text: string;
  readonly roomId: string;
  readonly isDirect: boolean;
  readonly space?: string | undefined;
  readonly senderId: string;
  /** By Webex's clock, epoch milliseconds. */
  readonly at: number;
  /** The root of the thread of the message. */
  readonly threadId?: string;
  /** The message with the pressed card. */
  readonly pressedMessageId?: string;
}

export interface BotAdded {
  readonly kind: "added";
  readonly roomId: string;
  readonly isDirect: boolean;
  readonly byPersonId: string;
}

export interface BotRemoved {
  readonly kind: "removed";
  readonly roomId: string;
}

/** Webex changed the id of a room. It does not document the old id, so only the new one is known. */
export interface RoomMigrated {
  readonly kind: "migrated";
  readonly roomId: string;
}
