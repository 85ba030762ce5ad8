import type { Clock } from "../../domain/ports/runtime.ts";
import { clusterOf, type NewId } from "./webex-ids.ts";
import type { AttachmentAction, Message, PublishEvent, StoredFile } from "./webex-records.ts";

interface MessageStoreDeps {
  readonly clock: Clock;
  readonly publish: PublishEvent;
  readonly newId: NewId;
}

interface StoredMessages {
  readonly messages: Map<string, Message>;
  /** The ids of the messages of each room, oldest first. */
  readonly byRoom: Map<string, string[]>;
  readonly edits: Map<string, number>;
  readonly actions: Map<string, { readonly action: AttachmentAction; readonly cardBy: string }>;
  readonly files: Map<string, StoredFile>;
}

/** Messages, attachment actions and files. The routes check who may change them. */
export function createMessageStore({ clock, publish, newId }: MessageStoreDeps) {
  const stored: StoredMessages = {
    messages: new Map(),
    byRoom: new Map(),
    edits: new Map(),
    actions: new Map(),
    files: new Map(),
  };
  const now = () => new Date(clock()).toISOString();

  return {
    message: (id: string) => stored.messages.get(id),
    editCount: (messageId: string) => stored.edits.get(messageId) ?? 0,
    /** An attachment action, and the author of its card, which may be deleted meanwhile. */
    attachmentAction: (id: string) => stored.actions.get(id),
    file: (id: string) => stored.files.get(id),
    /** The messages of a room, newest first. */
    inRoom: (roomId: string): readonly Message[] =>
      (stored.byRoom.get(roomId) ?? []).toReversed().flatMap((id) => stored.messages.get(id) ?? []),

    post(message: Omit<Message, "created">): Message {
      const posted: Message = { ...message, created: now() };
      addMessage(stored, posted);
      publish({ kind: "message", action: "created", actorId: posted.personId, message: posted });
      return posted;
    },

    edit(message: Message): Message {
      const edited: Message = { ...message, updated: now() };
      replaceMessage(stored, edited);
      publish({ kind: "message", action: "updated", actorId: edited.personId, message: edited });
      return edited;
    },

    remove(message: Message, actorId: string): void {
      deleteMessage(stored, message);
      publish({ kind: "message", action: "deleted", actorId, message });
    },

    /** Moves all messages and attachment actions to another room. The event is published for the room. */
    migrate: (from: string, to: string): void => moveMessages(stored, from, to),

    addFile: (id: string, file: StoredFile) => stored.files.set(id, file),

    addAttachmentAction(details: Omit<AttachmentAction, "created" | "id" | "type">, cardBy: string): AttachmentAction {
      const action: AttachmentAction = {
        id: newId("ATTACHMENT_ACTION", clusterOf(details.roomId)),
        type: "submit",
        ...details,
        created: now(),
      };
      stored.actions.set(action.id, { action, cardBy });
      publish({ kind: "attachmentAction", action: "created", actorId: action.personId, attachmentAction: action });
      return action;
    },
  };
}

function addMessage({ messages, byRoom }: StoredMessages, message: Message): void {
  messages.set(message.id, message);
  byRoom.set(message.roomId, byRoom.get(message.roomId) ?? []);
  byRoom.get(message.roomId)?.push(message.id);
}

function replaceMessage({ messages, edits }: StoredMessages, message: Message): void {
  messages.set(message.id, message);
  edits.set(message.id, (edits.get(message.id) ?? 0) + 1);
}

function deleteMessage({ messages, byRoom, files }: StoredMessages, message: Message): void {
  messages.delete(message.id);
  for (const address of message.files ?? []) files.delete(address.split("/").at(-1) ?? "");
  const ids = byRoom.get(message.roomId) ?? [];
  ids.splice(ids.lastIndexOf(message.id), 1);
}

function moveMessages({ messages, byRoom, actions }: StoredMessages, from: string, to: string): void {
  const ids = byRoom.get(from) ?? [];
  byRoom.delete(from);
  byRoom.set(to, ids);
  for (const id of ids) {
    const message = messages.get(id);
    if (message) messages.set(id, { ...message, roomId: to });
  }
  for (const [id, { action, cardBy }] of actions) {
    if (action.roomId === from) actions.set(id, { action: { ...action, roomId: to }, cardBy });
  }
}
