import { countText, elementById, h, redraw } from "./dom.js";
import { worldNow } from "./world-clock.js";

const TICK_MS = 1000;
/** Space above the highest bar of the chart. */
const HEADROOM = 1.15;

/** The sweeps and quick polls of the bot, and its calls per minute against its budget, as the sandbox sees them. */
export function startBotActivity(state) {
  const draw = () => {
    const { botActivity } = state.get();
    if (!botActivity) return;
    redraw(elementById("bot-activity"), factsNode(botActivity, worldNow(state.get())), callRateNode(botActivity));
    elementById("call-rate").textContent = callRateText(botActivity);
  };
  state.on(["botActivity"], draw);
  setInterval(draw, TICK_MS);
}

function factsNode({ walk: sweep, underWay, look: poll }, now) {
  return h(
    "dl.facts",
    {},
    underWay && factNode("Under way", extentText(underWay), `${timeText(underWay.tookMs)} so far`),
    factNode(
      "Full sweep",
      sweep ? extentText(sweep) : "none yet",
      sweep && `${agoText(now - sweep.ended)}, took ${timeText(sweep.tookMs)}`,
    ),
    factNode(
      "Quick polls",
      poll ? `${countText(poll.calls, "call")} each` : "none yet",
      poll && `last ${agoText(now - poll.ended)}`,
    ),
  );
}

const factNode = (name, value, more) =>
  h("div", {}, h("dt", {}, name), h("dd", {}, value, more && h("span.note", {}, more)));

function callRateNode(botActivity) {
  const { callsPerMinute, budget } = botActivity;
  const top = HEADROOM * Math.max(budget, ...callsPerMinute);
  const bars = callsPerMinute.map((calls) => {
    const bar = h("span.bar-chart-bar", { "data-over": String(calls > budget) });
    bar.style.setProperty("--share", String(calls / top));
    return bar;
  });
  const label = `${callRateText(botActivity)} now; the last five minutes`;
  const chart = h("div.bar-chart", { role: "img", "aria-label": label }, bars, h("span.bar-chart-budget"));
  chart.style.setProperty("--budget", String(budget / top));
  return h("figure.bar-chart-figure", {}, chart, h("figcaption.note", {}, "Last 5 minutes; dashed is the budget"));
}

const callRateText = ({ callsPerMinute, budget }) =>
  `${(callsPerMinute.at(-1) ?? 0).toLocaleString()} of ${budget.toLocaleString()} calls a minute`;

const extentText = ({ pages, customers }) => `${countText(pages, "page")}, ${countText(customers, "customer")}`;

function timeText(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

function agoText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}
