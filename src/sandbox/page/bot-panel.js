import { sandbox } from "./api.js";
import { attempt, elementById, h, redraw } from "./dom.js";

const STATE_TEXTS = {
  starting: "Bot starting…",
  ready: "Bot ready",
  stopped: "Bot stopped",
  none: "No bot here",
};
const NOTES = {
  none: "The sandbox runs without a bot. Start one with the environment from GET /sandbox/bot-env.",
  stopped: "Messages do not reach the bot, as when its server is down.",
};

/** The state of the bot, in the top line and under "World", and the buttons that start and stop it. */
export function startBotPanel(state) {
  state.on(["bot"], ({ bot }) => draw(bot));
}

function draw({ state, reason }) {
  const words = STATE_TEXTS[state] ?? state;
  const badge = elementById("bot-state");
  badge.textContent = words;
  badge.dataset.bot = state;
  const notes = [NOTES[state], reason].filter(Boolean);
  redraw(
    elementById("bot"),
    h("p.bot-line", {}, h("span.bot-state", { "data-bot": state }, words), h("span.buttons", {}, buttonsOf(state))),
    notes.map((note) => h("p.note", {}, note)),
  );
}

function buttonsOf(state) {
  if (state === "none") return [];
  if (state === "stopped") return [actionNode("start", "Start", "Starts the bot on the same data")];
  return [
    actionNode("stop", "Stop", "Lets it finish its work first"),
    actionNode("kill", "Kill", "Ends it at once, as kill -9 does"),
  ];
}

function actionNode(action, label, title) {
  const run = () => attempt(() => sandbox.bot(action));
  return h("button", { type: "button", "data-key": action, title, onclick: run }, label);
}
