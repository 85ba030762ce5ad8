import { sandbox } from "./api.js";
import { attempt, elementById, h } from "./dom.js";
import { isSameFault, OUTAGE } from "./faults.js";

/** Each says what it did, and what to watch for. */
const LEVERS = [
  {
    title: "Break one",
    async run() {
      const { changed = [] } = (await sandbox.run("break-one")) ?? {};
      return `${changed[0] ?? "A customer"} is in error. Watch for one alert, in every space that watches; “watch” sets that up.`;
    },
  },
  {
    title: "Storm",
    async run() {
      const { changed = [] } = (await sandbox.run("storm")) ?? {};
      return `${changed.length} customers are in error. Watch for one card about all of them, and its thread.`;
    },
  },
  {
    title: "Outage",
    async run(world) {
      const active = outageOf(world);
      if (active) {
        await sandbox.endFault(active.id);
        return "The Wholesale API answers again. Watch for the end of the notice, and for what was missed.";
      }
      await sandbox.addFault(OUTAGE);
      return "The Wholesale API answers 503. Watch for the notice in a while; until then the bot answers from its copy.";
    },
  },
  {
    title: "Heal all",
    async run() {
      await sandbox.run("all-clear");
      const { changed = [] } = (await sandbox.run("heal-all")) ?? {};
      return `${changed.length} customers are healed, and no fault is left. Watch for “Recovered” in the threads.`;
    },
  },
];

const outageOf = (world) => world?.faults.find((fault) => isSameFault(fault, OUTAGE));

/** The bar on top: what one wants to see first, each by one click. */
export function startLevers(state) {
  const told = elementById("levers-told");
  const buttons = LEVERS.map(({ title, run }) => {
    const press = () =>
      attempt(async () => {
        told.textContent = await run(state.get().world);
      });
    return h("button", { type: "button", onclick: press }, title);
  });
  elementById("levers-buttons").append(...buttons);
  const outage = buttons[LEVERS.findIndex(({ title }) => title === "Outage")];
  state.on(["world"], ({ world }) => outage.setAttribute("aria-pressed", String(outageOf(world) !== undefined)));
}
