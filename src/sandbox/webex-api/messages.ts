import type { Caller } from "../callers.ts";
import { type HttpRequest, httpError, NO_CONTENT, ok } from "../exchange.ts";
import { newId } from "../ids.ts";
import { escapeHtml, renderMarkdown } from "../markup.ts";
import type { Person } from "../people.ts";
import type { Message, Room } from "../records.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { type LintCard, type MessageDraft, readDraft } from "./draft.ts";
import { readableMessage, readableRoom } from "./sight.ts";
import { listDirect, listMessages } from "./timeline.ts";

/** Documented, and then the API answers 400. */
const MAX_EDITS = 10;

export function messageRoutes(world: World, lint: LintCard): Routes<Caller> {
  return {
    "GET /messages": (ask, { person }) => listMessages(world, ask, person),
    "GET /messages/direct": (ask, { person }) => listDirect(world, ask, person),
    "POST /messages": (ask, { person }) => ok(postMessage(world, readDraft(ask, lint), { ask, person })),
    "GET /messages/:id": ({ id }, { person }) => ok(readableMessage(world, id, person)),
    "PUT /messages/:id": (ask, { person }) => ok(editMessage(world, readDraft(ask, lint), { ask, person })),
    "DELETE /messages/:id": ({ id }, { person }) => {
      const message = readableMessage(world, id, person);
      if (message.personId !== person.id) throw httpError(403, "Only the author may delete a message.");
      world.messages.remove(message, person.id);
      return NO_CONTENT;
    },
  };
}

function postMessage(
  world: World,
  draft: MessageDraft,
  { ask, person }: { ask: HttpRequest; person: Person },
): Message {
  const { text, markdown, attachments, file, parentId } = draft;
  if (!text && !markdown && !file && !attachments?.length) {
    throw httpError(400, "A message needs text, markdown, a file or a card.");
  }
  const room = destinationRoom(world, draft, person);
  if (parentId !== undefined) checkParent(world, parentId, room);
  const id = newId("MESSAGE");
  const said = world.messages.post({
    id,
    roomId: room.id,
    roomType: room.type,
    ...textForms(world, draft, room),
    ...(file && { files: [storeFile(world, file, { messageId: id, base: ask.base })] }),
    personId: person.id,
    personEmail: person.email,
    ...(attachments?.length && { attachments }),
    ...(parentId !== undefined && { parentId }),
  });
  world.rooms.touch(room.id, said.created);
  return said;
}

function destinationRoom(world: World, draft: MessageDraft, person: Person): Room {
  const { roomId, toPersonId, toPersonEmail } = draft;
  if ([roomId, toPersonId, toPersonEmail].filter((to) => to !== undefined).length !== 1) {
    throw httpError(400, "A message goes to one of roomId, toPersonId and toPersonEmail.");
  }
  if (roomId !== undefined) return readableRoom(world, roomId, person);
  const other =
    toPersonId === undefined ? world.people.byEmail(toPersonEmail ?? "") : world.people.byId(toPersonId);
  if (!other) throw httpError(404, "The person to write to could not be found.");
  if (other.id === person.id) throw httpError(400, "Nobody can write to themselves.");
  return world.rooms.findDirect(person.id, other.id) ?? openDirect(world, person, other);
}

function openDirect({ rooms }: World, person: Person, other: Person): Room {
  const room = rooms.add(person, { title: "", type: "direct" });
  for (const member of [person, other]) rooms.join(room, member, { actorId: person.id });
  return room;
}

function checkParent({ messages }: World, parentId: string, room: Room): void {
  const parent = messages.message(parentId);
  if (!parent || parent.roomId !== room.id) throw httpError(400, "The parent message is not in this space.");
  if (parent.parentId !== undefined) throw httpError(400, "The parent message is itself a reply.");
}

/** The three forms of a message's text. People who type are shown as rich text what they typed plainly. */
function textForms(world: World, { text, markdown }: MessageDraft, room: Room) {
  if (markdown === undefined) return text === undefined ? {} : { text };
  const {
    html,
    text: plain,
    mentionedIds,
  } = renderMarkdown(markdown, (by, value) => {
    const person = by === "personId" ? world.people.byId(value) : world.people.byEmail(value);
    return person && world.rooms.member(room.id, person.id) && { id: person.id, name: person.displayName };
  });
  return {
    text: text ?? plain,
    markdown,
    html: html || escapeHtml(plain),
    ...(mentionedIds.length > 0 && { mentionedPeople: mentionedIds }),
  };
}

function storeFile(
  world: World,
  file: NonNullable<MessageDraft["file"]>,
  at: { messageId: string; base: string },
): string {
  const id = newId("CONTENT");
  world.messages.addFile(id, { ...file, messageId: at.messageId });
  return `${at.base}/contents/${id}`;
}

function editMessage(
  world: World,
  draft: MessageDraft,
  { ask, person }: { ask: HttpRequest; person: Person },
): Message {
  const message = readableMessage(world, ask.id, person);
  const { roomId, text, markdown, attachments } = draft;
  if (message.personId !== person.id) throw httpError(403, "Only the author may edit a message.");
  if (roomId !== message.roomId) throw httpError(400, "roomId must be the space of the message.");
  if (!text && !markdown) throw httpError(400, "An edit needs text or markdown.");
  if (message.files || draft.file) throw httpError(400, "A message with a file cannot be edited.");
  // Documented as refused, with a card or without. In practice a PUT that brings a card along replaces the old one,
  // which official samples rely on.
  if (message.attachments && !attachments?.length)
    throw httpError(400, "A message with a card cannot be edited.");
  if (world.messages.editCount(message.id) >= MAX_EDITS)
    throw httpError(400, `A message takes ${MAX_EDITS} edits.`);
  const { text: _, markdown: __, html: ___, mentionedPeople: ____, ...rest } = message;
  const room = readableRoom(world, message.roomId, person);
  return world.messages.edit({
    ...rest,
    ...textForms(world, draft, room),
    ...(attachments && { attachments }),
  });
}
