/** The JSON of the Webex REST API. */

export interface Room {
  readonly id: string;
  /** Empty in a 1:1: viewers see the name of the other person. */
  readonly title: string;
  readonly type: "direct" | "group";
  readonly isLocked: boolean;
  readonly isPublic?: boolean;
  readonly description?: string;
  readonly lastActivity: string;
  readonly creatorId: string;
  readonly created: string;
}

/** The fields of a room that people choose. */
export type RoomDetails = Pick<Room, "title"> & Partial<Pick<Room, "isLocked" | "isPublic" | "description">>;

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

/** A room got another id; `from` is the old one. */
export interface RoomMigrated {
  readonly kind: "room";
  readonly action: "migrated";
  readonly actorId: string;
  readonly room: Room;
  readonly from: string;
}

/** A change that Webex publishes; `actorId` is the person who made it. */
export type WebexEvent =
  | RoomMigrated
  | ({ readonly action: EventAction; readonly actorId: string } & (
      | { readonly kind: "message"; readonly message: Message }
      | { readonly kind: "room"; readonly room: Room }
      | { readonly kind: "membership"; readonly membership: Membership }
      | { readonly kind: "attachmentAction"; readonly attachmentAction: AttachmentAction }
    ));

/** Publishes an event to all subscribers, in the order of the calls. */
export type PublishEvent = (event: WebexEvent) => void;
