import { sandbox } from "./api.js";
import { attempt, element, h } from "./dom.js";

const BOT_WORDS = {
  starting: "Bot starting…",
  ready: "Bot ready",
  stopped: "Bot stopped",
  none: "No bot here",
};
const BOT_NOTES = {
  none: "Started with --no-bot: point any bot at this sandbox with GET /sandbox/bot-env.",
  stopped: "Messages wait: Webex's webhooks go nowhere until it is back.",
};

/** What a provisioning status looks like: never by colour alone. */
const GLYPHS = { provisioned: ["✓", "good"], error: ["✕", "bad"], provisioned_with_errors: ["✕", "bad"] };
export const glyphOf = (status) => GLYPHS[status] ?? ["…", "moving"];

/** The bot and the scenarios, and how the customers are. @param {(status: string) => void} pick shows those customers */
export function startWorld({ state, pick }) {
  state.on(["bot"], drawBot);
  state.on(["world"], ({ world }) => drawCounts(world, pick));
  state.on(["scenarios"], ({ scenarios }) =>
    element("scenarios").replaceChildren(...scenarios.map(scenarioNode)),
  );
}

function drawBot({ bot }) {
  const badge = element("bot-state");
  badge.textContent = BOT_WORDS[bot] ?? bot;
  badge.dataset.bot = bot;
  const order = (action, title, label) =>
    h("button", { type: "button", title, onclick: () => attempt(() => sandbox.bot(action)) }, label);
  const buttons =
    bot === "stopped"
      ? [order("start", "Start the bot", "Start")]
      : [
          order("stop", "Lets it finish what it began", "Stop"),
          order("kill", "Ends it at once, as kill -9 does", "Kill"),
        ];
  element("bot").replaceChildren(
    h(
      "p.bot-line",
      {},
      h("span.bot-state", { "data-bot": bot }, BOT_WORDS[bot] ?? bot),
      bot !== "none" && h("span.buttons", {}, buttons),
    ),
    ...(BOT_NOTES[bot] ? [h("p.note", {}, BOT_NOTES[bot])] : []),
  );
}

function drawCounts(world, pick) {
  const counts = Object.entries(world.byStatus)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
  element("customers-total").textContent = world.customers.toLocaleString();
  const rows = counts.map(([status, count]) => {
    const [glyph, kind] = glyphOf(status);
    const bar = h("span.bar", { "data-kind": kind, "aria-hidden": "true" });
    bar.style.setProperty("--share", String(count / world.customers));
    return h(
      "li",
      {},
      h(
        "button.count",
        { type: "button", title: "Show these", onclick: () => pick(status) },
        h("span.status", { "data-kind": kind }, `${glyph} ${status.replaceAll("_", " ")}`),
        bar,
        h("span.figure", {}, count.toLocaleString()),
      ),
    );
  });
  element("counts").replaceChildren(h("ul.counts", { "aria-label": "Customers by status" }, rows));
}

function scenarioNode({ name, description }) {
  const done = h("span.done", { role: "status" });
  const run = () =>
    attempt(async () => {
      await sandbox.run(name);
      done.textContent = "✓ started";
      setTimeout(() => {
        done.textContent = "";
      }, 3000);
    });
  return h(
    "li",
    {},
    h("button.choice", { type: "button", onclick: run }, h("strong", {}, name), h("span", {}, description)),
    done,
  );
}
