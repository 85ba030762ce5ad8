import type { Clock } from "../../domain/ports/runtime.ts";
import { newId } from "./webex-ids.ts";
import type { AttachmentAction, Message, PublishEvent, StoredFile } from "./webex-records.ts";

/** Messages, attachment actions and files. The routes check who may change them. */
export function createMessageStore({ clock, publish }: { readonly clock: Clock; readonly publish: PublishEvent }) {
  const messages = new Map<string, Message>();
  const byRoom = new Map<string, string[]>();
  const edits = new Map<string, number>();
  const actions = new Map<string, { readonly action: AttachmentAction; readonly cardBy: string }>();
  const files = new Map<string, StoredFile>();
  const now = () => new Date(clock()).toISOString();

  return {
    message: (id: string) => messages.get(id),
    editCount: (messageId: string) => edits.get(messageId) ?? 0,
    /** An attachment action, and the author of its card, which may be deleted meanwhile. */
    attachmentAction: (id: string) => actions.get(id),
    file: (id: string) => files.get(id),
    /** The messages of a room, newest first. */
    inRoom: (roomId: string): readonly Message[] =>
      (byRoom.get(roomId) ?? []).toReversed().flatMap((id) => messages.get(id) ?? []),

    post(message: Omit<Message, "created">): Message {
      const posted: Message = { ...message, created: now() };
      messages.set(posted.id, posted);
      byRoom.set(posted.roomId, byRoom.get(posted.roomId) ?? []);
      byRoom.get(posted.roomId)?.push(posted.id);
      publish({ kind: "message", action: "created", actorId: posted.personId, message: posted });
      return posted;
    },

    edit(message: Message): Message {
      const edited: Message = { ...message, updated: now() };
      messages.set(edited.id, edited);
      edits.set(edited.id, (edits.get(edited.id) ?? 0) + 1);
      publish({ kind: "message", action: "updated", actorId: edited.personId, message: edited });
      return edited;
    },

    remove(message: Message, actorId: string): void {
      messages.delete(message.id);
      for (const address of message.files ?? []) files.delete(address.split("/").at(-1) ?? "");
      const ids = byRoom.get(message.roomId) ?? [];
      ids.splice(ids.lastIndexOf(message.id), 1);
      publish({ kind: "message", action: "deleted", actorId, message });
    },

    /** Moves all messages and attachment actions to another room. The event is published for the room. */
    migrate(from: string, to: string): void {
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
    },

    addFile: (id: string, file: StoredFile) => files.set(id, file),

    addAttachmentAction(action: Omit<AttachmentAction, "created" | "id" | "type">, cardBy: string): AttachmentAction {
      const added: AttachmentAction = {
        id: newId("ATTACHMENT_ACTION"),
        type: "submit",
        ...action,
        created: now(),
      };
      actions.set(added.id, { action: added, cardBy });
      publish({
        kind: "attachmentAction",
        action: "created",
        actorId: added.personId,
        attachmentAction: added,
      });
      return added;
    },
  };
}
