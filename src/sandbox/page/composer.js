import { attempt, element } from "./dom.js";
import { openRoom, readRooms } from "./rooms.js";
import { botOf, roomOf } from "./state.js";

/** Where one writes. Returns `say`, which sends a text as if it had been typed. */
export function startComposer({ state, webex }) {
  const text = element("composer-text");
  const say = (typed) => send({ state, webex }, typed);
  let last = "";

  element("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = text.value.trim();
    if (typed === "") return;
    text.value = "";
    last = typed;
    const sent = await attempt(async () => (await say(typed)) ?? true);
    if (!sent) text.value = typed;
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element("composer").requestSubmit();
    }
    if (event.key === "ArrowUp" && text.value === "" && last !== "") text.value = last;
    if (event.key === "Escape") state.set({ replyTo: undefined });
  });
  element("reply-cancel").addEventListener("click", () => state.set({ replyTo: undefined }));
  state.on(["roomId", "rooms", "draft", "members", "replyTo", "people"], draw);
  return say;
}

function draw(now) {
  const bot = botOf(now);
  const room = roomOf(now);
  const text = element("composer-text");
  text.disabled = !room && !now.draft;
  text.placeholder =
    room || now.draft ? `Message ${now.draft ? bot?.displayName : room.title}` : "Choose a space first";
  element("send").disabled = text.disabled;
  element("mention-choice").hidden = !mayMention(now);
  element("mention-label").textContent = `Mention @${bot?.displayName ?? "the bot"}`;
  element("reply-to").hidden = now.replyTo === undefined;
  element("reply-to-text").textContent = now.replyTo ? `In the thread with ${now.replyTo.name}` : "";
}

function mayMention(now) {
  const bot = botOf(now);
  const present = now.members.some(({ personId }) => personId === bot?.personId);
  return roomOf(now)?.type === "group" && present;
}

async function send({ state, webex }, typed) {
  const now = state.get();
  const bot = botOf(now);
  const mention = mayMention(now) && element("mention").checked;
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
