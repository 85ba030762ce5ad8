import { sandbox } from "./api.js";
import { attempt, element, h } from "./dom.js";

const PRESETS = [
  { title: "Wholesale is down", note: "503 to everything", fault: { api: "wholesale", status: 503 } },
  {
    title: "Wholesale refuses the token",
    note: "401 to everything",
    fault: { api: "wholesale", status: 401 },
  },
  { title: "Wholesale is slow", note: "3 s before each answer", fault: { api: "wholesale", delayMs: 3000 } },
  {
    title: "Webex limits the bot",
    note: "429, come back in 2 s, for the next 3 posts",
    fault: { api: "webex", path: "/messages", method: "POST", status: 429, retryAfter: 2, times: 3 },
  },
  {
    title: "Webex drops connections",
    note: "Half of all calls",
    fault: { api: "webex", drop: true, probability: 0.5 },
  },
];

/** Outages one can switch on; all of them end with one button. */
export function startFaults(state) {
  state.on(["world"], ({ world }) => draw(world.faults ?? []));
}

function draw(faults) {
  const rows = PRESETS.map(({ title, note, fault }) => {
    const active = faults.some((known) => isSame(known, fault));
    const toggle = () => attempt(() => (active ? end(faults, fault) : sandbox.addFault(fault)));
    return h(
      "li",
      {},
      h(
        "button.choice.switch",
        { type: "button", role: "switch", "aria-checked": String(active), onclick: toggle },
        h("strong", {}, title),
        h("span", {}, note),
      ),
    );
  });
  const clear = () => attempt(() => sandbox.clearFaults());
  element("faults").replaceChildren(
    h("ul.choices", {}, rows),
    h("button", { type: "button", disabled: faults.length === 0, onclick: clear }, "End all of them"),
  );
}

const isSame = (known, fault) =>
  Object.entries(fault).every(([key, value]) => key === "times" || known[key] === value);

/** The sandbox can only end them all: the others begin again. */
async function end(faults, fault) {
  await sandbox.clearFaults();
  for (const other of faults) if (!isSame(other, fault)) await sandbox.addFault(other);
}
