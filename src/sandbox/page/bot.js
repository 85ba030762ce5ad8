import { sandbox } from "./api.js";
import { attempt, element, h, redraw } from "./dom.js";

const WORDS = {
  starting: "Bot starting…",
  ready: "Bot ready",
  stopped: "Bot stopped",
  none: "No bot here",
};
const NOTES = {
  none: "The twins alone: GET /sandbox/bot-env has what points a bot at them.",
  stopped: "What people say now reaches no bot, as when a server is down.",
};

/** How the bot is, in the top line and in the world, and the buttons that start and end it. */
export function startBot(state) {
  state.on(["bot"], ({ bot }) => draw(bot));
}

function draw({ state, reason }) {
  const words = WORDS[state] ?? state;
  const badge = element("bot-state");
  badge.textContent = words;
  badge.dataset.bot = state;
  const notes = [NOTES[state], reason].filter(Boolean);
  redraw(
    element("bot"),
    h("p.bot-line", {}, h("span.bot-state", { "data-bot": state }, words), h("span.buttons", {}, buttonsOf(state))),
    notes.map((note) => h("p.note", {}, note)),
  );
}

function buttonsOf(state) {
  if (state === "none") return [];
  if (state === "stopped") return [orderNode("start", "Start", "Starts the bot on the same data")];
  return [
    orderNode("stop", "Stop", "Lets it finish what it began"),
    orderNode("kill", "Kill", "Ends it at once, as kill -9 does"),
  ];
}

function orderNode(action, label, title) {
  const order = () => attempt(() => sandbox.bot(action));
  return h("button", { type: "button", "data-key": action, title, onclick: order }, label);
}
