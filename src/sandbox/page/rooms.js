import { attempt, elementById, h, redraw, timeNode } from "./dom.js";
import { createNewestRead } from "./newest-read.js";
import { avatarNode } from "./people.js";
import { loadSetting, saveSetting } from "./settings.js";
import { botOf } from "./state.js";

/**
 * The list of spaces of the chosen person.
 * @param {{state: any, webex: () => any, openMembers: () => void, showPane: (pane: string) => void}} deps
 */
export function startRooms({ state, webex, openMembers, showPane }) {
  const open = (roomId) => {
    openRoom(state, roomId);
    showPane("chat");
  };
  const newSpace = elementById("new-space");
  const newDirect = elementById("new-direct");
  state.on(["people"], ({ people }) => {
    for (const button of [newSpace, newDirect]) button.disabled = people.length === 0;
  });
  newSpace.addEventListener("click", openMembers);
  newDirect.addEventListener("click", () => {
    const direct = directWithBot(state.get());
    if (direct) return open(direct.id);
    openDraft(state);
    showPane("chat");
    elementById("composer-text").focus();
  });
  state.on(["me"], () => attempt(() => readRooms(state, webex)));
  state.on(["rooms", "roomId", "unread", "draft"], (now) => {
    const rows = now.rooms.toSorted((a, b) => b.lastActivity.localeCompare(a.lastActivity));
    redraw(
      elementById("rooms"),
      rows.map((room) => rowNode(room, now, open)),
    );
    newDirect.hidden = directWithBot(now) !== undefined;
    newDirect.setAttribute("aria-current", String(now.draft));
  });
}

const newestRooms = createNewestRead();

/** Reads the spaces again. Opens another one when this person is no longer in the open one. */
export async function readRooms(state, webex) {
  const { me } = state.get();
  if (!me) return;
  const rooms = await newestRooms(() => webex().rooms());
  if (!rooms || state.get().me !== me) return;
  state.set({ rooms });
  const { roomId, draft } = state.get();
  if (draft || rooms.some(({ id }) => id === roomId)) return;
  const wanted = [loadSetting(sessionStorage, "room"), directWithBot(state.get())?.id];
  const open = wanted.find((wish) => rooms.some(({ id }) => id === wish));
  if (open) openRoom(state, open);
  else openDraft(state);
}

/** The 1:1 with the bot before its first message, which creates the room. */
function openDraft(state) {
  state.set({
    roomId: undefined,
    draft: true,
    messages: [],
    members: [],
    loading: false,
    replyTo: undefined,
  });
}

export function openRoom(state, roomId) {
  saveSetting(sessionStorage, "room", roomId);
  const unread = new Map(state.get().unread);
  unread.delete(roomId);
  state.set({ roomId, draft: false, replyTo: undefined, unread });
}

/**
 * Keeps a migrated room open. The list gets the new id at once: messages that arrive before the list is read again would
 * otherwise belong to no space.
 */
export function applyRoomEvent(state, { action, room, from }) {
  if (action !== "migrated") return;
  const { rooms, roomId } = state.get();
  state.set({ rooms: rooms.map((one) => (one.id === from ? { ...one, id: room.id } : one)) });
  if (from === roomId) openRoom(state, room.id);
}

function directWithBot(now) {
  const bot = botOf(now);
  return now.rooms.find(({ type, title }) => type === "direct" && title === bot?.displayName);
}

function rowNode(room, { roomId, unread, people }, open) {
  const newCount = unread.get(room.id) ?? 0;
  const person = people.find(({ displayName }) => displayName === room.title);
  return h(
    "li",
    {},
    h(
      "button.room",
      {
        type: "button",
        "data-key": room.id,
        "aria-current": room.id === roomId ? "true" : undefined,
        "data-type": room.type,
        onclick: () => open(room.id),
      },
      room.type === "direct" ? avatarNode(person, room.title) : h("span.avatar.space", { "aria-hidden": "true" }, "#"),
      h("span.room-name", {}, room.title),
      newCount > 0 ? h("span.badge", {}, String(newCount), h("span.unseen", {}, " new")) : timeNode(room.lastActivity),
    ),
  );
}
