import { sandbox } from "./api.js";
import { attempt, elementById, h, redraw } from "./dom.js";
import { switchNode } from "./switch.js";

/** Every call to the Wholesale API is answered 503. Its switch is in the bar on top. */
export const OUTAGE = { api: "wholesale", status: 503 };

/** Faults by name. They affect the bot only, so that people can still chat. */
const PRESETS = [
  {
    title: "Wholesale refuses the token",
    note: "401 to every call",
    fault: { api: "wholesale", status: 401 },
  },
  { title: "Wholesale is slow", note: "3 s before each answer", fault: { api: "wholesale", delayMs: 3000 } },
  { title: "The list is empty", note: "Each customer is still there by its id", fault: { lie: "empty" } },
  { title: "The list ends half-way", note: "As if that were all", fault: { lie: "half" } },
  {
    title: "Names may not be listed",
    note: "403, so the bot reads them one by one",
    fault: { api: "wholesale", path: "/organizations", exact: true, status: 403 },
  },
  { title: "Webex is down", note: "503 to every call", fault: { api: "webex", status: 503 } },
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
  const known = [OUTAGE, ...PRESETS.map(({ fault }) => fault)];
  const others = faults.filter((fault) => !known.some((one) => isSameFault(fault, one)));
  redraw(
    elementById("faults"),
    h(
      "ul.choices",
      {},
      PRESETS.map((preset) => presetNode(preset, faults)),
    ),
    others.length > 0 && h("p.note", {}, `${others.length} more, by scenario or by API; “Heal all” ends them too`),
  );
}

function presetNode({ title, note, fault }, faults) {
  const active = faults.find((known) => isSameFault(known, fault));
  const toggle = () => attempt(() => (active ? sandbox.endFault(active.id) : sandbox.addFault(fault)));
  const left = active?.times ? `${active.times} to go` : note;
  return switchNode({ title, note: left, isOn: active !== undefined, onclick: toggle });
}

/** `times` counts down, so it is not compared. */
export const isSameFault = (known, fault) =>
  Object.entries(fault).every(([key, value]) => key === "times" || known[key] === value) &&
  (fault.path !== undefined || known.path === undefined);
