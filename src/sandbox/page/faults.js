import { sandbox } from "./api.js";
import { attempt, elementById, h, redraw } from "./dom.js";

/** Faults by name. They affect the bot only, so that people can still chat. */
const PRESETS = [
  { title: "Wholesale is down", note: "503 to every call", fault: { api: "wholesale", status: 503 } },
  {
    title: "Wholesale refuses the token",
    note: "401 to every call",
    fault: { api: "wholesale", status: 401 },
  },
  { title: "Wholesale is slow", note: "3 s before each answer", fault: { api: "wholesale", delayMs: 3000 } },
  {
    title: "Webex limits the bot",
    note: "429 to its next 3 messages: come back in 2 s",
    fault: { api: "webex", path: "/messages", method: "POST", status: 429, retryAfter: 2, times: 3 },
  },
  {
    title: "Webex drops the line",
    note: "Half of all calls are carried out, but not answered",
    fault: { api: "webex", drop: true, probability: 0.5 },
  },
];

/** Switches that turn faults on and off. */
export function startFaults(state) {
  state.on(["world"], ({ world }) => draw(world.faults));
}

function draw(faults) {
  const others = faults.filter((fault) => !PRESETS.some((preset) => isSame(fault, preset.fault)));
  const clear = () => attempt(sandbox.clearFaults);
  redraw(
    elementById("faults"),
    h(
      "ul.choices",
      {},
      PRESETS.map((preset) => presetNode(preset, faults)),
    ),
    h(
      "p.buttons",
      {},
      h("button", { type: "button", "data-key": "clear", disabled: faults.length === 0, onclick: clear }, "End all"),
      others.length > 0 && h("span.note", {}, `${others.length} more, by scenario or by API`),
    ),
  );
}

function presetNode({ title, note, fault }, faults) {
  const active = faults.find((known) => isSame(known, fault));
  const toggle = () => attempt(() => (active ? sandbox.endFault(active.id) : sandbox.addFault(fault)));
  return h(
    "li",
    {},
    h(
      "button.choice.switch",
      {
        type: "button",
        role: "switch",
        "data-key": title,
        "aria-checked": String(active !== undefined),
        onclick: toggle,
      },
      h("strong", {}, title),
      h("span", {}, active?.times ? `${active.times} to go` : note),
    ),
  );
}

/** `times` counts down, so it is not compared. */
const isSame = (known, fault) =>
  Object.entries(fault).every(([key, value]) => key === "times" || known[key] === value) &&
  (fault.path !== undefined || known.path === undefined);
