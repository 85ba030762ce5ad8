import type { Clock } from "../../domain/ports/runtime.ts";
import { newId } from "./webex-ids.ts";
import type { AttachmentAction, Message, PublishEvent, StoredFile } from "./webex-records.ts";

/** What is said and pressed, and the files that came with it: state and its changes, without the rules of who may. */
export function createMessageStore({ clock, announce }: { readonly clock: Clock; readonly announce: PublishEvent }) {
  const messages = new Map<string, Message>();
  const byRoom = new Map<string, string[]>();
  const edits = new Map<string, number>();
  const presses = new Map<string, { readonly press: AttachmentAction; readonly cardBy: string }>();
  const files = new Map<string, StoredFile>();
  const now = () => new Date(clock()).toISOString();

  return {
    message: (id: string) => messages.get(id),
    editCount: (messageId: string) => edits.get(messageId) ?? 0,
    /** A press, and whose card it was on: it outlives the card. */
    attachmentAction: (id: string) => presses.get(id),
    file: (id: string) => files.get(id),
    /** The messages of a room, newest first. */
    inRoom: (roomId: string): readonly Message[] =>
      (byRoom.get(roomId) ?? []).toReversed().flatMap((id) => messages.get(id) ?? []),

    post(message: Omit<Message, "created">): Message {
      const said: Message = { ...message, created: now() };
      messages.set(said.id, said);
      byRoom.set(said.roomId, byRoom.get(said.roomId) ?? []);
      byRoom.get(said.roomId)?.push(said.id);
      announce({ kind: "message", action: "created", actorId: said.personId, message: said });
      return said;
    },

    edit(message: Message): Message {
      const edited: Message = { ...message, updated: now() };
      messages.set(edited.id, edited);
      edits.set(edited.id, (edits.get(edited.id) ?? 0) + 1);
      announce({ kind: "message", action: "updated", actorId: edited.personId, message: edited });
      return edited;
    },

    remove(message: Message, actorId: string): void {
      messages.delete(message.id);
      for (const address of message.files ?? []) files.delete(address.split("/").at(-1) ?? "");
      const ids = byRoom.get(message.roomId) ?? [];
      ids.splice(ids.lastIndexOf(message.id), 1);
      announce({ kind: "message", action: "deleted", actorId, message });
    },

    /** All that was said and pressed in a room is in another one from now on. Nothing is announced: the room is. */
    migrate(from: string, to: string): void {
      const ids = byRoom.get(from) ?? [];
      byRoom.delete(from);
      byRoom.set(to, ids);
      for (const id of ids) {
        const message = messages.get(id);
        if (message) messages.set(id, { ...message, roomId: to });
      }
      for (const [id, { press, cardBy }] of presses) {
        if (press.roomId === from) presses.set(id, { press: { ...press, roomId: to }, cardBy });
      }
    },

    addFile: (id: string, file: StoredFile) => files.set(id, file),

    addAttachmentAction(press: Omit<AttachmentAction, "created" | "id" | "type">, cardBy: string): AttachmentAction {
      const added: AttachmentAction = {
        id: newId("ATTACHMENT_ACTION"),
        type: "submit",
        ...press,
        created: now(),
      };
      presses.set(added.id, { press: added, cardBy });
      announce({
        kind: "attachmentAction",
        action: "created",
        actorId: added.personId,
        attachmentAction: added,
      });
      return added;
    },
  };
}
