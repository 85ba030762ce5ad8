/** What a Webex keeps, in its own words: the JSON of its REST API. */

export interface Room {
  readonly id: string;
  /** Empty in a 1:1, which is called after the other person. */
  readonly title: string;
  readonly type: "direct" | "group";
  readonly isLocked: boolean;
  readonly lastActivity: string;
  readonly creatorId: string;
  readonly created: string;
}

export interface Membership {
  readonly id: string;
  readonly roomId: string;
  readonly personId: string;
  readonly personEmail: string;
  readonly personDisplayName: string;
  readonly personOrgId: string;
  readonly isModerator: boolean;
  readonly roomType: Room["type"];
  readonly created: string;
}

/** A message in Webex's own words, as the REST API shows it. */
export interface Message {
  readonly id: string;
  readonly roomId: string;
  readonly roomType: Room["type"];
  readonly text?: string;
  readonly markdown?: string;
  readonly html?: string;
  readonly files?: readonly string[];
  readonly personId: string;
  readonly personEmail: string;
  readonly mentionedPeople?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly parentId?: string;
  readonly created: string;
  readonly updated?: string;
}

export interface Attachment {
  readonly contentType: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A press on a card's button: Webex calls it an attachment action. */
export interface AttachmentAction {
  readonly id: string;
  readonly type: "submit";
  readonly messageId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly personId: string;
  readonly roomId: string;
  readonly created: string;
}

export interface StoredFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly messageId: string;
}

type EventAction = "created" | "updated" | "deleted";

/** A room is somewhere else now, and has another id; `from` is the one it had. */
export interface RoomMigrated {
  readonly kind: "room";
  readonly action: "migrated";
  readonly actorId: string;
  readonly room: Room;
  readonly from: string;
}

/** Something that Webex would tell about; `actorId` is who did it. */
export type WebexEvent =
  | RoomMigrated
  | ({ readonly action: EventAction; readonly actorId: string } & (
      | { readonly kind: "message"; readonly message: Message }
      | { readonly kind: "room"; readonly room: Room }
      | { readonly kind: "membership"; readonly membership: Membership }
      | { readonly kind: "attachmentAction"; readonly attachmentAction: AttachmentAction }
    ));

/** Tells everybody who wants to know; the order of calls is the order of what happened. */
export type PublishEvent = (happening: WebexEvent) => void;
