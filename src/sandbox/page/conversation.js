import { announce, attempt, element, h } from "./dom.js";
import { messageNode } from "./message.js";
import { botOf, roomOf } from "./state.js";

const NEAR = 120;
const SAME_BREATH_MS = 5 * 60_000;
const SUGGESTIONS = ["customers status=error", "find", "help"];

/**
 * The messages of the open room.
 * @param {{state: any, webex: () => any, say: (text: string) => Promise<void>, openMembers: () => void}} deps
 */
export function startConversation({ state, webex, say, openMembers }) {
  const nodes = new Map();
  const reload = () => attempt(() => readRoom(state, webex));
  element("room-people").addEventListener("click", openMembers);
  state.on(["roomId", "me"], () => {
    nodes.clear();
    state.set({ messages: [], members: [] });
    reload();
  });
  state.on(["dark"], () => nodes.clear());
  state.on(["roomId", "rooms", "members", "draft", "people"], drawHead);
  state.on(["messages", "dark", "draft", "members", "lints"], (now) => {
    const log = element("log");
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    draw(log, now, { nodes, state, webex, say });
    if (follows) log.scrollTop = log.scrollHeight;
  });
  return reload;
}

async function readRoom(state, webex) {
  const { roomId, me } = state.get();
  if (!roomId || !me) return;
  const [messages, members] = await Promise.all([webex().messages(roomId), webex().members(roomId)]);
  if (state.get().roomId !== roomId || state.get().me !== me) return;
  state.set({ messages: messages.toReversed(), members });
  element("log").scrollTop = element("log").scrollHeight;
}

/** Takes in what the sandbox says happened to a message. */
export function takeMessage(state, { action, message, lint }) {
  const { roomId, rooms, lints } = state.get();
  if (lint) state.set({ lints: new Map(lints).set(message.id, lint) });
  if (!rooms.some(({ id }) => id === message.roomId)) return;
  if (message.roomId === roomId) return changeMessage(state, action, message);
  if (action === "created") countUnread(state, message.roomId);
}

function countUnread(state, roomId) {
  const { unread } = state.get();
  state.set({ unread: new Map(unread).set(roomId, (unread.get(roomId) ?? 0) + 1) });
}

function changeMessage(state, action, message) {
  const { messages } = state.get();
  const known = messages.some(({ id }) => id === message.id);
  const changed = action === "deleted" ? { ...message, deleted: true } : message;
  if (known) {
    state.set({ messages: messages.map((old) => (old.id === message.id ? { ...old, ...changed } : old)) });
  } else if (action === "created") {
    state.set({ messages: [...messages, message] });
  }
  if (action !== "deleted") readOut(state, message);
}

/** For those who do not see the message arrive: its text form, which is made to stand alone. */
function readOut(state, { personId, text }) {
  const { people, me } = state.get();
  const author = people.find((person) => person.personId === personId);
  if (author !== me) announce(`${author?.displayName ?? "Somebody"}: ${text ?? ""}`.slice(0, 200));
}

function drawHead(now) {
  const room = roomOf(now);
  const bot = botOf(now);
  element("room-title").textContent = now.draft
    ? (bot?.displayName ?? "New")
    : (room?.title ?? "No space chosen");
  const button = element("room-people");
  button.hidden = room?.type !== "group";
  button.textContent = `${now.members.length} people`;
}

function draw(log, now, { nodes, state, webex, say }) {
  const rows = inThreads(now.messages);
  const shown = rows.map(({ message, reply, continued }) => {
    const key = JSON.stringify([
      message.updated,
      message.deleted,
      reply,
      continued,
      now.lints.get(message.id),
    ]);
    const kept = nodes.get(message.id);
    if (kept?.key === key) return kept.node;
    const node = messageNode({ message, reply, continued, now, state, webex });
    nodes.set(message.id, { key, node });
    return node;
  });
  const quiet = rows.length === 0 && (now.draft || now.roomId);
  place(log, quiet ? [welcomeNode(now, say)] : shown);
}

/** Moves only what is not where it should be, so that focus and half-filled cards survive. */
function place(log, wanted) {
  for (const child of [...log.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((node, index) => {
    if (log.children[index] !== node) log.insertBefore(node, log.children[index] ?? null);
  });
}

/** Roots in order of time, each followed by its replies; neighbours of one author within minutes share a heading. */
function inThreads(messages) {
  const roots = messages.filter((message) => !messages.some(({ id }) => id === message.parentId));
  const rows = roots.flatMap((root) => [
    { message: root, reply: false },
    ...messages.filter(({ parentId }) => parentId === root.id).map((message) => ({ message, reply: true })),
  ]);
  return rows.map((row, index) => ({ ...row, continued: continues(row, rows[index - 1]) }));
}

function continues(row, before) {
  if (
    !before ||
    row.message.updated ||
    before.reply !== row.reply ||
    before.message.personId !== row.message.personId
  )
    return false;
  return Date.parse(row.message.created) - Date.parse(before.message.created) < SAME_BREATH_MS;
}

function welcomeNode(now, say) {
  const bot = botOf(now);
  const group = roomOf(now)?.type === "group";
  const here = !group || now.members.some(({ personId }) => personId === bot?.personId);
  if (!here)
    return h("div.welcome", {}, h("p", {}, "The bot is not in this space. Add it under “people”, above."));
  const chips = SUGGESTIONS.map((text) =>
    h("li", {}, h("button.chip", { type: "button", onclick: () => attempt(() => say(text)) }, text)),
  );
  return h("div.welcome", {}, h("p", {}, "Nothing said yet. Ask the bot:"), h("ul", {}, chips));
}
