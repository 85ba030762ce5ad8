import { sandbox } from "./api.js";
import { attempt, elementById, h, redraw } from "./dom.js";

const RESULT_MS = 4000;

/** They have a button in the bar on top, or a switch among the faults. */
const ELSEWHERE = [
  ...["break-one", "storm", "heal-all", "all-clear", "blind-503"],
  ...["blind-401", "blind-empty", "blind-half", "webex-down", "slow", "rate-limit", "lost-answers"],
];

/** The glyph and kind of a status, so that colour is never the only sign. */
const STATUS_STYLES = { provisioned: ["✓", "good"], error: ["✕", "bad"], provisioned_with_errors: ["✕", "bad"] };

export function statusNode(status) {
  const [glyph, kind] = STATUS_STYLES[status] ?? ["…", "moving"];
  return h("span.status", { "data-kind": kind }, `${glyph} ${status.replaceAll("_", " ")}`);
}

/** The customers by status, and the scenarios. @param {(status: string) => void} pick lists the customers of a status */
export function startWorld({ state, pick }) {
  state.on(["world"], ({ world }) => drawCounts(world, pick));
  state.on(["scenarios"], ({ scenarios }) => {
    elementById("scenarios").replaceChildren(
      ...scenarios.filter(({ name }) => !ELSEWHERE.includes(name)).map(scenarioNode),
    );
  });
  state.on(["scenarios", "world"], ({ world }) => markRunning(world?.scenarios ?? []));
}

function drawCounts({ customers, byStatus }, pick) {
  const counts = Object.entries(byStatus).toSorted(([, a], [, b]) => b - a);
  elementById("customers-total").textContent = customers.toLocaleString();
  redraw(
    elementById("counts"),
    counts.map(([status, count]) => countNode(status, count, { customers, pick })),
  );
}

function countNode(status, count, { customers, pick }) {
  const label = statusNode(status);
  const bar = h("span.bar", { "data-kind": label.dataset.kind, "aria-hidden": "true" });
  bar.style.setProperty("--share", String(count / customers));
  const figure = h("span.figure", {}, count.toLocaleString());
  const attributes = { type: "button", "data-key": status, title: "Show these", onclick: () => pick(status) };
  return h("li", {}, h("button.count", attributes, label, bar, figure));
}

/** Without the names of parameters, which only a call can set. */
const descriptionOf = (description) => description.replace(/ \(\w+\)/g, "");

function scenarioNode({ name, title, description }) {
  const result = h("span.result", { role: "status" });
  const run = () =>
    attempt(async () => {
      const { changed = [] } = (await sandbox.run(name)) ?? {};
      result.textContent = changed.length > 0 ? `✓ ${changed.length.toLocaleString()} changed` : "✓ done";
      setTimeout(() => {
        result.textContent = "";
      }, RESULT_MS);
    });
  return h(
    "li",
    { "data-scenario": name },
    h(
      "button.choice",
      { type: "button", onclick: run },
      h("strong", {}, title),
      h("span", {}, descriptionOf(description)),
    ),
    result,
  );
}

/** Scenarios that take minutes are marked while they run. */
function markRunning(names) {
  for (const row of elementById("scenarios").children) {
    row.dataset.running = String(names.includes(row.dataset.scenario));
  }
}
