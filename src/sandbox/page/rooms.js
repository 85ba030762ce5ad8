import { attempt, element, h, redraw, timeOf } from "./dom.js";
import { avatarOf } from "./people.js";
import { keep, recall } from "./settings.js";
import { botOf } from "./state.js";

/**
 * The list of spaces of the person one is.
 * @param {{state: any, webex: () => any, openMembers: () => void, showPane: (pane: string) => void}} deps
 */
export function startRooms({ state, webex, openMembers, showPane }) {
  const open = (roomId) => {
    openRoom(state, roomId);
    showPane("chat");
  };
  element("new-space").addEventListener("click", openMembers);
  element("new-direct").addEventListener("click", () => {
    const direct = directWithBot(state.get());
    if (direct) return open(direct.id);
    openDraft(state);
    showPane("chat");
    element("composer-text").focus();
  });
  state.on(["me"], () => attempt(() => readRooms(state, webex)));
  state.on(["rooms", "roomId", "unread", "draft"], (now) => {
    const rows = now.rooms.toSorted((a, b) => b.lastActivity.localeCompare(a.lastActivity));
    redraw(
      element("rooms"),
      rows.map((room) => rowOf(room, now, open)),
    );
    element("new-direct").hidden = directWithBot(now) !== undefined;
    element("new-direct").setAttribute("aria-current", String(now.draft));
  });
}

/** Reads the spaces again, and leaves one open that this person is in. */
export async function readRooms(state, webex) {
  const { me } = state.get();
  if (!me) return;
  const rooms = await webex().rooms();
  if (state.get().me !== me) return;
  state.set({ rooms });
  const { roomId, draft } = state.get();
  if (draft || rooms.some(({ id }) => id === roomId)) return;
  const wanted = [recall(sessionStorage, "room"), directWithBot(state.get())?.id];
  const open = wanted.find((wish) => rooms.some(({ id }) => id === wish));
  if (open) openRoom(state, open);
  else openDraft(state);
}

/** The 1:1 with the bot, before its first message makes a room of it. */
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
  keep(sessionStorage, "room", roomId);
  const unread = new Map(state.get().unread);
  unread.delete(roomId);
  state.set({ roomId, draft: false, replyTo: undefined, unread });
}

/**
 * A room that is looked at stays in sight when its id changes. The list knows the new id at once: what is said there before
 * the list has been read again would be taken for another space's.
 */
export function followRoom(state, { action, room, from }) {
  if (action !== "migrated") return;
  const { rooms, roomId } = state.get();
  state.set({ rooms: rooms.map((one) => (one.id === from ? { ...one, id: room.id } : one)) });
  if (from === roomId) openRoom(state, room.id);
}

function directWithBot(now) {
  const bot = botOf(now);
  return now.rooms.find(({ type, title }) => type === "direct" && title === bot?.displayName);
}

function rowOf(room, { roomId, unread, people }, open) {
  const waiting = unread.get(room.id) ?? 0;
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
      room.type === "direct" ? avatarOf(person, room.title) : h("span.avatar.space", { "aria-hidden": "true" }, "#"),
      h("span.room-name", {}, room.title),
      waiting > 0 ? h("span.badge", {}, String(waiting), h("span.unseen", {}, " new")) : timeOf(room.lastActivity),
    ),
  );
}
