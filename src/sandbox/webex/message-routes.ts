import {
  type HttpRequest,
  type HttpResponse,
  httpError,
  NO_CONTENT,
  nextLink,
  ok,
  queryNumber,
} from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import { clusterOf } from "../world/webex-ids.ts";
import type { Message, Room } from "../world/webex-records.ts";
import type { World } from "../world/world.ts";
import { escapeHtml, renderMarkdown } from "./markdown.ts";
import { type LintCard, type MessageDraft, readDraft } from "./message-draft.ts";
import { canRead, readableMessage, readableRoom } from "./read-access.ts";

/** Documented; the API then answers 400. */
const MAX_EDITS = 10;

export function messageRoutes(world: World, refusals: LintCard): Routes<Caller> {
  return {
    "GET /messages": (ask, { person }) => listMessages(world, ask, person),
    "GET /messages/direct": (ask, { person }) => listDirect(world, ask, person),
    "POST /messages": (ask, { person }) => {
      const draft = readDraft(ask, refusals);
      const { toPersonId, toPersonEmail } = draft;
      const to = { ...(toPersonId && { toPersonId }), ...(toPersonEmail && { toPersonEmail }) };
      return ok({ ...postMessage(world, draft, { ask, person }), ...to });
    },
    "GET /messages/:id": ({ id }, { person }) => ok(readableMessage(world, id, person)),
    "PUT /messages/:id": (ask, { person }) => ok(editMessage(world, readDraft(ask, refusals), { ask, person })),
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
  const id = world.newId("MESSAGE", clusterOf(room.id));
  const posted = world.messages.post({
    id,
    roomId: room.id,
    roomType: room.type,
    ...textForms(world, draft),
    ...(file && { files: [storeFile(world, file, { messageId: id, base: ask.base })] }),
    personId: person.id,
    personEmail: person.email,
    ...(attachments?.length && { attachments }),
    ...(parentId !== undefined && { parentId }),
  });
  world.rooms.touch(room.id, posted.created);
  return posted;
}

function destinationRoom(world: World, draft: MessageDraft, person: Person): Room {
  const { roomId, toPersonId, toPersonEmail } = draft;
  if ([roomId, toPersonId, toPersonEmail].filter((to) => to !== undefined).length !== 1) {
    throw httpError(400, "A message goes to one of roomId, toPersonId and toPersonEmail.");
  }
  if (roomId !== undefined) return readableRoom(world, roomId, person);
  const other = toPersonId === undefined ? world.people.byEmail(toPersonEmail ?? "") : world.people.byId(toPersonId);
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

/** The text, Markdown and HTML of a message. Plain text has no other form. */
function textForms(world: World, { text, markdown }: MessageDraft) {
  if (markdown === undefined) return text === undefined ? {} : { text };
  const {
    html,
    text: plain,
    mentionedIds,
  } = renderMarkdown(markdown, (by, value) => {
    const person = by === "personId" ? world.people.byId(value) : world.people.byEmail(value);
    return person && { id: person.id, name: person.displayName };
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
  const id = world.newId("CONTENT");
  world.messages.addFile(id, { ...file, messageId: at.messageId });
  return `${at.base}/contents/${id}`;
}

function editMessage(
  world: World,
  draft: MessageDraft,
  { ask, person }: { ask: HttpRequest; person: Person },
): Message {
  const message = readableMessage(world, ask.id, person);
  const { roomId, text, markdown, html, attachments } = draft;
  if (message.personId !== person.id) throw httpError(403, "Only the author may edit a message.");
  if (roomId !== message.roomId) throw httpError(400, "roomId must be the space of the message.");
  if (!text && !markdown) throw httpError(400, "An edit needs text or markdown.");
  if (markdown && html) throw httpError(400, "An edit takes markdown or html, not both.");
  if (message.files || draft.file) throw httpError(400, "A message with a file cannot be edited.");
  checkCardEdit(world, message, attachments);
  if (world.messages.editCount(message.id) >= MAX_EDITS) throw httpError(400, `A message takes ${MAX_EDITS} edits.`);
  const { text: _, markdown: __, html: ___, mentionedPeople: ____, ...rest } = message;
  return world.messages.edit({
    ...rest,
    ...textForms(world, draft),
    ...(attachments && { attachments }),
  });
}

/** A card is replaced at most by another one, and not even so where edits of cards are refused. */
function checkCardEdit({ behaviour }: World, message: Message, attachments: Message["attachments"] = []): void {
  if (message.attachments === undefined && attachments.length === 0) return;
  if (behaviour.now().cardEdits === "refused" || (message.attachments && attachments.length === 0)) {
    throw httpError(400, "Edits of messages containing files or attachments are not currently supported.");
  }
}

/** `GET /messages`: newest first. A bot in a group must ask for the messages that mention it. */
export function listMessages(world: World, ask: HttpRequest, person: Person): HttpResponse {
  const roomId = ask.query.get("roomId");
  if (!roomId) throw httpError(400, "roomId is missing.");
  const room = readableRoom(world, roomId, person);
  const mentioned = ask.query.getAll("mentionedPeople").flatMap((value) => value.split(","));
  if (person.role === "bot" && room.type === "group" && !mentioned.includes("me")) {
    throw httpError(403, "In a group space a bot may list only messages that mention it: mentionedPeople=me.");
  }
  const wanted = mentioned.map((id) => (id === "me" ? person.id : id));
  const isMentioned = (message: Message) =>
    wanted.length === 0 || message.mentionedPeople?.some((id) => wanted.includes(id));
  return messagePage(world, ask, {
    room,
    person,
    most: wanted.length > 0 ? 100 : 1000,
    fits: (m) => isMentioned(m) === true,
  });
}

/** `GET /messages/direct`: the messages of the 1:1 with one person. */
export function listDirect(world: World, ask: HttpRequest, person: Person): HttpResponse {
  const email = ask.query.get("personEmail");
  const other = email === null ? world.people.byId(ask.query.get("personId") ?? "") : world.people.byEmail(email);
  const room = other && world.rooms.findDirect(person.id, other.id);
  if (!room) throw httpError(404, "There is no 1:1 space with this person.");
  return messagePage(world, ask, { room, person, most: 1000, fits: () => true });
}

interface MessageListQuery {
  readonly room: Room;
  readonly person: Person;
  readonly most: number;
  readonly fits: (message: Message) => boolean;
}

function messagePage(world: World, ask: HttpRequest, { room, person, most, fits }: MessageListQuery): HttpResponse {
  const max = Math.min(queryNumber(ask, "max", { usual: 50, least: 1 }), most);
  const parentId = ask.query.get("parentId");
  const found = olderMessages(world.messages.inRoom(room.id), ask).filter(
    (message) =>
      canRead(message, person, world.rooms) && fits(message) && (parentId === null || message.parentId === parentId),
  );
  const items = found.slice(0, max);
  const last = items.at(-1);
  const headers = found.length > max && last ? nextLink(ask, { beforeMessage: last.id, max }) : {};
  return { status: 200, headers, json: { items } };
}

function olderMessages(messages: readonly Message[], { query }: HttpRequest): readonly Message[] {
  const before = query.get("before");
  const beforeMessage = query.get("beforeMessage");
  const until = before === null ? Number.POSITIVE_INFINITY : Date.parse(before);
  if (Number.isNaN(until)) throw httpError(400, "before must be a date and time (ISO 8601).");
  const from = beforeMessage === null ? -1 : messages.findIndex(({ id }) => id === beforeMessage);
  if (beforeMessage !== null && from === -1) throw httpError(404, "The message of beforeMessage could not be found.");
  return messages.slice(from + 1).filter(({ created }) => Date.parse(created) < until);
}

/** Files, readable by those who may read their message. */
export function contentRoutes(world: World): Routes<Caller> {
  return {
    "GET /contents/:id": ({ id }, { person }) => {
      const file = world.messages.file(id);
      if (!file) throw httpError(404, "The requested file could not be found.");
      readableMessage(world, file.messageId, person);
      const headers = {
        "content-type": file.contentType,
        "content-disposition": contentDisposition(file.name),
      };
      return { status: 200, headers, bytes: file.bytes };
    },
  };
}

/** Headers are ASCII, so another name is sent a second time, encoded (RFC 6266). */
function contentDisposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  if (plain === name) return `attachment; filename="${name}"`;
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
