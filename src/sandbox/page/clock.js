import { element, h, redraw } from "./dom.js";
import { nowIn } from "./time.js";

const TICK_MS = 1000;
/** Air above the highest thing in the chart. */
const HEADROOM = 1.15;

/** How the bot keeps watch, as the sandbox sees it: whole walks, looks, and its pace against its budget. */
export function startClock(state) {
  const draw = () => {
    const { seeing } = state.get();
    if (!seeing) return;
    redraw(element("clock"), factsNode(seeing, nowIn(state.get())), paceNode(seeing));
    element("clock-pace").textContent = paceText(seeing);
  };
  state.on(["seeing"], draw);
  setInterval(draw, TICK_MS);
}

function factsNode({ walk, underWay, look }, now) {
  return h(
    "dl.facts",
    {},
    underWay && factNode("Under way", extentOf(underWay), `${timeText(underWay.tookMs)} so far`),
    factNode(
      "Full walk",
      walk ? extentOf(walk) : "none yet",
      walk && `${agoText(now - walk.ended)}, took ${timeText(walk.tookMs)}`,
    ),
    factNode(
      "Looks",
      look ? `${plural(look.calls, "call")} each` : "none yet",
      look && `last ${agoText(now - look.ended)}`,
    ),
  );
}

const factNode = (name, value, more) =>
  h("div", {}, h("dt", {}, name), h("dd", {}, value, more && h("span.note", {}, more)));

function paceNode(seeing) {
  const { callsPerMinute, budget } = seeing;
  const top = HEADROOM * Math.max(budget, ...callsPerMinute);
  const bars = callsPerMinute.map((calls) => {
    const bar = h("span.pace-bar", { "data-over": String(calls > budget) });
    bar.style.setProperty("--share", String(calls / top));
    return bar;
  });
  const label = `${paceText(seeing)} now; the last five minutes`;
  const chart = h("div.pace", { role: "img", "aria-label": label }, bars, h("span.pace-budget"));
  chart.style.setProperty("--budget", String(budget / top));
  return h("figure.pace-figure", {}, chart, h("figcaption.note", {}, "Last 5 minutes; dashed is the budget"));
}

const paceText = ({ callsPerMinute, budget }) =>
  `${(callsPerMinute.at(-1) ?? 0).toLocaleString()} of ${budget.toLocaleString()} calls a minute`;

const extentOf = ({ pages, customers }) => `${plural(pages, "page")}, ${plural(customers, "customer")}`;

const plural = (count, word) => `${count.toLocaleString()} ${word}${count === 1 ? "" : "s"}`;

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
