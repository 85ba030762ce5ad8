import { createAutoScroll } from "./auto-scroll.js";
import { attempt, elementById, h } from "./dom.js";
import { createKeyedNodes, placeChildren } from "./keyed-nodes.js";
import { messageNode } from "./message.js";
import { groupIntoThreads } from "./messages.js";
import { botOf, roomOf } from "./state.js";

/** Messages of one author within this time share a heading. */
const GROUP_MS = 5 * 60_000;
const SUGGESTIONS = ["customers status=error", "find", "help"];

/**
 * Draws the messages of the open room.
 * @param {{state: any, webex: () => any, send: (text: string) => Promise<void>, openMembers: () => void,
 *   readEarlier: () => void}} deps
 */
export function startConversation(deps) {
  const { state, openMembers } = deps;
  const nodes = createKeyedNodes();
  const log = elementById("log");
  const autoScroll = createAutoScroll(log);
  let newest;
  elementById("room-people").addEventListener("click", openMembers);
  state.on(["roomId", "dark"], nodes.clear);
  state.on(["roomId"], autoScroll.start);
  state.on(["roomId", "rooms", "members", "draft", "people"], drawHead);
  state.on(["messages", "dark", "draft", "members", "loading"], (now) => {
    const last = now.messages.at(-1);
    if (last?.id !== newest && last?.personId === now.me?.personId) autoScroll.start();
    newest = last?.id;
    autoScroll.while(() => placeChildren(log, contentOf(now, nodes, deps)));
  });
}

function drawHead(now) {
  const room = roomOf(now);
  elementById("room-title").textContent = now.draft
    ? (botOf(now)?.displayName ?? "New")
    : (room?.title ?? "No space chosen");
  const button = elementById("room-people");
  button.hidden = room?.type !== "group";
  button.textContent = now.members.length === 1 ? "1 person" : `${now.members.length} people`;
}

function contentOf(now, nodes, deps) {
  const rows = rowsOf(now.messages);
  if (rows.length === 0) return now.draft || (now.roomId && !now.loading) ? [welcomeNode(now, deps.send)] : [];
  const shown = rows.map((row) => keptNode(row, { now, nodes, deps }));
  return now.earlier ? [earlierNode(deps.readEarlier), ...shown] : shown;
}

/** An unchanged message keeps its node, and with it what was typed into its card. */
function keptNode({ message, reply, continued }, { now, nodes, deps }) {
  const key = JSON.stringify([message.updated, message.deleted, reply, continued]);
  return nodes.keep(message.id, key, () => messageNode({ message, reply, continued, now, ...deps }));
}

/** Each root message is followed by its replies. */
function rowsOf(messages) {
  const rows = groupIntoThreads(messages).flatMap(({ root, replies }) => [
    { message: root, reply: false },
    ...replies.map((message) => ({ message, reply: true })),
  ]);
  return rows.map((row, index) => ({ ...row, continued: continues(row, rows[index - 1]) }));
}

function continues({ message, reply }, before) {
  if (!before || message.updated || before.reply !== reply) return false;
  const pause = Date.parse(message.created) - Date.parse(before.message.created);
  return before.message.personId === message.personId && pause < GROUP_MS;
}

const earlierNode = (readEarlier) =>
  h("p.earlier", {}, h("button.quiet", { type: "button", onclick: readEarlier }, "Earlier messages"));

function welcomeNode(now, send) {
  const bot = botOf(now);
  const group = roomOf(now)?.type === "group";
  const here = !group || now.members.some(({ personId }) => personId === bot?.personId);
  if (!here) {
    return h("div.welcome", {}, h("p", {}, "The bot is not in this space. Add it under “people”, above."));
  }
  const chips = SUGGESTIONS.map((text) =>
    h("li", {}, h("button.chip", { type: "button", onclick: () => attempt(() => send(text)) }, text)),
  );
  return h("div.welcome", {}, h("p", {}, "No messages yet. Ask the bot:"), h("ul", {}, chips));
}
