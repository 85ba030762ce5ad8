import { sandbox } from "./api.js";
import { attempt, element, h, redraw } from "./dom.js";

const SAID_MS = 4000;

/** What a provisioning status looks like: never by colour alone. */
const LOOKS = { provisioned: ["✓", "good"], error: ["✕", "bad"], provisioned_with_errors: ["✕", "bad"] };

/** A status in words people read, with its glyph and its colour. */
export function statusNode(status) {
  const [glyph, kind] = LOOKS[status] ?? ["…", "moving"];
  return h("span.status", { "data-kind": kind }, `${glyph} ${status.replaceAll("_", " ")}`);
}

/** How the customers are, and the stories that change them. @param {(status: string) => void} pick shows those customers */
export function startWorld({ state, pick }) {
  state.on(["world"], ({ world }) => drawCounts(world, pick));
  state.on(["scenarios"], ({ scenarios }) => {
    element("scenarios").replaceChildren(...scenarios.map(scenarioNode));
  });
  state.on(["scenarios", "world"], ({ world }) => markUnderWay(world?.scenarios ?? []));
}

function drawCounts({ customers, byStatus }, pick) {
  const counts = Object.entries(byStatus).toSorted(([, a], [, b]) => b - a);
  element("customers-total").textContent = customers.toLocaleString();
  redraw(
    element("counts"),
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

function scenarioNode({ name, description }) {
  const said = h("span.said", { role: "status" });
  const run = () =>
    attempt(async () => {
      const { changed = [] } = (await sandbox.run(name)) ?? {};
      said.textContent = changed.length > 0 ? `✓ ${changed.length.toLocaleString()} changed` : "✓ done";
      setTimeout(() => {
        said.textContent = "";
      }, SAID_MS);
    });
  return h(
    "li",
    { "data-scenario": name },
    h("button.choice", { type: "button", onclick: run }, h("strong", {}, name), h("span", {}, description)),
    said,
  );
}

/** Some stories take minutes; their buttons say so. */
function markUnderWay(names) {
  for (const row of element("scenarios").children) {
    row.dataset.underWay = String(names.includes(row.dataset.scenario));
  }
}
