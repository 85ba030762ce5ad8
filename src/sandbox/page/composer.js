import { attempt, elementById } from "./dom.js";
import { openRoom, readRooms } from "./rooms.js";
import { loadSetting, saveSetting } from "./settings.js";
import { botOf, roomOf } from "./state.js";

/** The message box. Returns a function that sends a text as if it had been typed. */
export function startComposer({ state, webex }) {
  const text = elementById("composer-text");
  const send = (typed) => post({ state, webex }, typed);
  let last = "";

  elementById("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = text.value.trim();
    if (typed === "") return;
    text.value = "";
    keep(state.get(), "");
    last = typed;
    const sent = await attempt(async () => (await send(typed)) ?? true);
    if (!sent) {
      text.value = typed;
      keep(state.get(), typed);
    }
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      elementById("composer").requestSubmit();
    }
    if (event.key === "ArrowUp" && text.value === "" && last !== "") text.value = last;
    if (event.key === "Escape") state.set({ replyTo: undefined });
  });
  text.addEventListener("input", () => keep(state.get(), text.value));
  state.on(["me", "roomId", "draft"], (now) => {
    text.value = loadSetting(sessionStorage, unsentName(now)) ?? "";
  });
  elementById("reply-cancel").addEventListener("click", () => state.set({ replyTo: undefined }));
  state.on(["me", "roomId", "rooms", "draft", "members", "replyTo", "people"], draw);
  return send;
}

/** A text that is typed and not sent stays in its space, also when the page is loaded again. */
const keep = (now, typed) => saveSetting(sessionStorage, unsentName(now), typed);

const unsentName = ({ me, roomId = "1:1" }) => `unsent.${me?.personId}.${roomId}`;

function draw(now) {
  const bot = botOf(now);
  const room = roomOf(now);
  const text = elementById("composer-text");
  text.disabled = !now.me || (!room && !now.draft);
  text.placeholder =
    room || now.draft ? `Message ${now.draft ? bot?.displayName : room.title}` : "Choose a space first";
  elementById("send").disabled = text.disabled;
  elementById("mention-choice").hidden = !mayMention(now);
  elementById("mention-label").textContent = `Mention @${bot?.displayName ?? "the bot"}`;
  elementById("reply-to").hidden = now.replyTo === undefined;
  elementById("reply-to-text").textContent = now.replyTo ? `In the thread with ${now.replyTo.name}` : "";
}

function mayMention(now) {
  const bot = botOf(now);
  const present = now.members.some(({ personId }) => personId === bot?.personId);
  return roomOf(now)?.type === "group" && present;
}

async function post({ state, webex }, typed) {
  const now = state.get();
  const bot = botOf(now);
  const mention = mayMention(now) && elementById("mention").checked;
  const place = now.draft ? { toPersonId: bot.personId } : { roomId: now.roomId };
  const posted = await webex().post({
    ...place,
    ...(mention ? { markdown: `<@personId:${bot.personId}|${bot.displayName}> ${typed}` } : { text: typed }),
    ...(now.replyTo && { parentId: now.replyTo.id }),
  });
  state.set({ replyTo: undefined });
  if (!now.draft) return;
  await readRooms(state, webex);
  openRoom(state, posted.roomId);
}
