import { announce, attempt } from "./dom.js";
import { createNewestRead } from "./newest-read.js";

const PAGE_SIZE = 50;

/** Reads the messages of the open room, and applies the events about them. */
export function startMessages({ state, webex }) {
  const reader = {
    read: () => attempt(() => read(state, webex)),
    readMembers: () => attempt(() => readMembers(state, webex)),
    readEarlier: () => attempt(() => readEarlier(state, webex)),
    applyEvent: (event) => applyEvent(state, event),
  };
  state.on(["roomId"], () => {
    state.set({ messages: [], members: [], earlier: false, loading: true });
    reader.read();
    reader.readMembers();
  });
  return reader;
}

const newestMessages = createNewestRead();

async function read(state, webex) {
  const { roomId } = state.get();
  if (!roomId) return;
  const messages = await newestMessages(() => webex().messages({ roomId, max: PAGE_SIZE }));
  if (!messages || state.get().roomId !== roomId) return;
  state.set({
    messages: [...messages.toReversed(), ...newerThan(messages, state.get().messages)],
    earlier: messages.length === PAGE_SIZE,
    loading: false,
  });
}

/** Messages that arrived while the answer was on its way, and are not in it. */
function newerThan([newest], messages) {
  return messages.filter(({ id, created }) => id !== newest?.id && created > (newest?.created ?? ""));
}

const newestMembers = createNewestRead();

/** Reads the people of the open room again. */
export async function readMembers(state, webex) {
  const { roomId } = state.get();
  if (!roomId) return;
  const members = await newestMembers(() => webex().members(roomId));
  if (members && state.get().roomId === roomId) state.set({ members });
}

async function readEarlier(state, webex) {
  const { roomId, messages } = state.get();
  const first = messages.find(({ deleted }) => !deleted);
  if (!first) return;
  const older = await webex().messages({ roomId, max: PAGE_SIZE, beforeMessage: first.id });
  if (state.get().roomId !== roomId) return;
  state.set({
    messages: [...older.toReversed(), ...state.get().messages],
    earlier: older.length === PAGE_SIZE,
  });
}

/** An event about a message, in any room. */
function applyEvent(state, { action, message }) {
  const { roomId, rooms } = state.get();
  if (!rooms.some(({ id }) => id === message.roomId)) return;
  if (action === "created") countActivity(state, message);
  if (message.roomId === roomId) change(state, action, message);
}

function countActivity(state, { roomId, created }) {
  const { rooms, unread } = state.get();
  state.set({ rooms: rooms.map((room) => (room.id === roomId ? { ...room, lastActivity: created } : room)) });
  if (roomId === state.get().roomId) return;
  state.set({ unread: new Map(unread).set(roomId, (unread.get(roomId) ?? 0) + 1) });
}

function change(state, action, message) {
  const { messages } = state.get();
  const known = messages.some(({ id }) => id === message.id);
  const changed = action === "deleted" ? { ...message, deleted: true } : message;
  if (known) {
    state.set({ messages: messages.map((old) => (old.id === message.id ? { ...old, ...changed } : old)) });
  } else if (action === "created") {
    state.set({ messages: [...messages, message] });
  }
  if (action !== "deleted") announceMessage(state, message);
}

/** Announces a message to screen readers, by its text form. */
function announceMessage(state, { personId, text }) {
  const { people, me } = state.get();
  const author = people.find((person) => person.personId === personId);
  if (author !== me) announce(`${author?.displayName ?? "Somebody"}: ${text ?? ""}`.slice(0, 200));
}

/** Root messages in order of time, each with its replies. A reply to an unknown message counts as a root. */
export function groupIntoThreads(messages) {
  const known = new Set(messages.map(({ id }) => id));
  const replies = Map.groupBy(messages, ({ parentId }) => (known.has(parentId) ? parentId : undefined));
  return (replies.get(undefined) ?? []).map((root) => ({ root, replies: replies.get(root.id) ?? [] }));
}
