import { attempt, element, h } from "./dom.js";
import { createFollower } from "./follow.js";
import { messageNode } from "./message.js";
import { createShelf, place } from "./shelf.js";
import { botOf, roomOf } from "./state.js";
import { inThreads } from "./threads.js";

const SAME_BREATH_MS = 5 * 60_000;
const SUGGESTIONS = ["customers status=error", "find", "help"];

/**
 * The messages of the open room, as they stand in the state.
 * @param {{state: any, webex: () => any, say: (text: string) => Promise<void>, openMembers: () => void,
 *   readEarlier: () => void}} deps
 */
export function startConversation(deps) {
  const { state, openMembers } = deps;
  const shelf = createShelf();
  const log = element("log");
  const follower = createFollower(log);
  let newest;
  element("room-people").addEventListener("click", openMembers);
  state.on(["roomId", "dark"], shelf.clear);
  state.on(["roomId"], follower.start);
  state.on(["roomId", "rooms", "members", "draft", "people"], drawHead);
  state.on(["messages", "dark", "draft", "members", "loading"], (now) => {
    const last = now.messages.at(-1);
    if (last?.id !== newest && last?.personId === now.me?.personId) follower.start();
    newest = last?.id;
    follower.while(() => place(log, contentOf(now, shelf, deps)));
  });
}

function drawHead(now) {
  const room = roomOf(now);
  element("room-title").textContent = now.draft
    ? (botOf(now)?.displayName ?? "New")
    : (room?.title ?? "No space chosen");
  const button = element("room-people");
  button.hidden = room?.type !== "group";
  button.textContent = now.members.length === 1 ? "1 person" : `${now.members.length} people`;
}

function contentOf(now, shelf, deps) {
  const rows = rowsOf(now.messages);
  if (rows.length === 0) return now.draft || (now.roomId && !now.loading) ? [welcomeNode(now, deps.say)] : [];
  const shown = rows.map((row) => keptNode(row, { now, shelf, deps }));
  return now.earlier ? [earlierNode(deps.readEarlier), ...shown] : shown;
}

/** The node of a message that looks as before is the node of before, with what was typed into its card. */
function keptNode({ message, reply, continued }, { now, shelf, deps }) {
  const key = JSON.stringify([message.updated, message.deleted, reply, continued]);
  return shelf.keep(message.id, key, () => messageNode({ message, reply, continued, now, ...deps }));
}

/** Every root is followed by its replies; neighbours of one author within minutes share a heading. */
function rowsOf(messages) {
  const rows = inThreads(messages).flatMap(({ root, replies }) => [
    { message: root, reply: false },
    ...replies.map((message) => ({ message, reply: true })),
  ]);
  return rows.map((row, index) => ({ ...row, continued: continues(row, rows[index - 1]) }));
}

function continues({ message, reply }, before) {
  if (!before || message.updated || before.reply !== reply) return false;
  const pause = Date.parse(message.created) - Date.parse(before.message.created);
  return before.message.personId === message.personId && pause < SAME_BREATH_MS;
}

const earlierNode = (readEarlier) =>
  h("p.earlier", {}, h("button.quiet", { type: "button", onclick: readEarlier }, "Earlier messages"));

function welcomeNode(now, say) {
  const bot = botOf(now);
  const group = roomOf(now)?.type === "group";
  const here = !group || now.members.some(({ personId }) => personId === bot?.personId);
  if (!here) {
    return h("div.welcome", {}, h("p", {}, "The bot is not in this space. Add it under “people”, above."));
  }
  const chips = SUGGESTIONS.map((text) =>
    h("li", {}, h("button.chip", { type: "button", onclick: () => attempt(() => say(text)) }, text)),
  );
  return h("div.welcome", {}, h("p", {}, "Nothing said yet. Ask the bot:"), h("ul", {}, chips));
}
