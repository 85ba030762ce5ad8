import { attempt, elementById, h } from "./dom.js";
import { loadSetting, saveSetting } from "./settings.js";
import { botOf } from "./state.js";

/** The main job in three steps; each ends by itself when it was done. */
const STEPS = [
  {
    title: "Ask",
    text: "Write to the bot as you would say it. This asks for all customers:",
    say: "customers",
    isDone: (messages) => messages.some(({ text = "" }) => /^Customers: /.test(text)),
  },
  {
    title: "Turn the page",
    text: "Press “Next” on the card. The same card shows the next page.",
    isDone: (messages) => messages.some(({ text = "" }) => /^Customers: (?!1–)/.test(text)),
  },
  {
    title: "Break one, and be told",
    text: "Let this space watch, and press “Watch” on the card. Then press “Break one” above: the alert comes within a minute.",
    say: "watch",
    isDone: (messages) => messages.some(({ text = "" }) => /· alert \d+/.test(text)),
  },
];

/**
 * The first visit. Whoever has done it, or skips it, sees it no more.
 * @param {{state: any, send: (text: string) => Promise<void>}} deps
 */
export function startTour({ state, send }) {
  let step = loadSetting(localStorage, "tour") === "over" ? STEPS.length : 0;
  const draw = () => {
    const tour = elementById("tour");
    tour.hidden = step >= STEPS.length;
    tour.replaceChildren(...(tour.hidden ? [] : stepNodes(step, { send, skip })));
  };
  const end = () => {
    step = STEPS.length;
    saveSetting(localStorage, "tour", "over");
    draw();
  };
  const skip = () => {
    end();
    elementById("composer-text").focus();
  };
  state.on(["messages"], (now) => {
    const fromBot = now.messages.filter(({ personId }) => personId === botOf(now)?.personId);
    if (!STEPS[step]?.isDone(fromBot)) return;
    step += 1;
    if (step === STEPS.length) end();
    else draw();
  });
  draw();
}

function stepNodes(step, { send, skip }) {
  const { title, text, say } = STEPS[step];
  const ask = () => attempt(() => send(say));
  return [
    h("p", { role: "status" }, h("strong", {}, `${step + 1} of ${STEPS.length}: ${title}. `), text),
    h(
      "p.buttons",
      {},
      say && h("button.chip", { type: "button", onclick: ask }, say),
      h("button.quiet", { type: "button", onclick: skip }, "Skip the tour"),
    ),
  ];
}
