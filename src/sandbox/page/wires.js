import { sandbox } from "./api.js";
import { attempt, element, h } from "./dom.js";

const KEPT = 300;
const NOTHING = { rows: [], all: 0, bots: 0, webhooks: 0 };

/** Calls the bot makes with either of its tokens. */
const isBots = ({ by }) => by === "bot" || by === "wholesale";

/** Every call and every webhook, newest first, as they go by. */
export function startWires() {
  let wires = NOTHING;
  const counts = h("p.wires-counts", { role: "status" });
  const pause = h("button", { type: "button", "aria-pressed": "false" }, "Pause");
  const clear = h("button", { type: "button" }, "Clear");
  const everyone = h("input", { type: "checkbox" });
  const drawSoon = oncePerFrame(() => {
    counts.textContent = countsOf(wires, everyone.checked);
    if (pause.getAttribute("aria-pressed") === "false") drawRows(wires.rows, everyone.checked);
  });
  const add = (row) => {
    wires = take(wires, row);
    drawSoon();
  };

  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(pause.getAttribute("aria-pressed") === "false"));
    drawSoon();
  });
  clear.addEventListener("click", () => {
    wires = NOTHING;
    drawRows([], false);
    drawSoon();
    attempt(sandbox.clearCalls);
  });
  everyone.addEventListener("change", drawSoon);
  element("wires-head").append(
    counts,
    h("p.buttons", {}, pause, clear, h("label", {}, everyone, "People's calls too")),
  );
  drawSoon();
  return {
    async readPast() {
      for (const call of await sandbox.calls()) add({ kind: "call", ...call });
    },
    call: (call) => add({ kind: "call", ...call }),
    webhook: (webhook) => add({ kind: "webhook", ...webhook }),
  };
}

/** A storm brings hundreds of rows a second; the eye needs one drawing per frame. */
function oncePerFrame(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

function take({ rows, all, bots, webhooks }, row) {
  const call = row.kind === "call";
  return {
    rows: [row, ...rows].slice(0, KEPT),
    all: all + (call ? 1 : 0),
    bots: bots + (call && isBots(row) ? 1 : 0),
    webhooks: webhooks + (call ? 0 : 1),
  };
}

const countsOf = ({ all, bots, webhooks }, everyone) =>
  `${plural(everyone ? all : bots, "call")}, ${plural(webhooks, "webhook")}`;

const plural = (count, word) => `${count.toLocaleString()} ${word}${count === 1 ? "" : "s"}`;

function drawRows(rows, everyone) {
  const shown = rows.filter((row) => everyone || row.kind === "webhook" || isBots(row));
  const empty = h("li.note", {}, "What the bot asks Webex and Wholesale, and what Webex tells the bot, shows up here.");
  element("wires-log").replaceChildren(...(shown.length > 0 ? shown.map(rowNode) : [empty]));
}

function rowNode(row) {
  const call = row.kind === "call";
  const failed = row.error !== undefined || row.status >= 400 || row.status === 0;
  const subject = call ? [row.path, row.query].filter(Boolean).join("?") : `${row.resource} ${row.event}`;
  return h(
    "li.wire",
    { "data-kind": row.kind, "data-failed": String(failed) },
    h("span.method", {}, call ? row.method : "HOOK"),
    h("span.path", { title: subject }, shortened(subject)),
    h("span.answer", {}, row.status === 0 ? "cut" : String(row.status ?? "failed")),
    h("span.more", {}, moreOf(row).join(" · ")),
  );
}

/** Ids are long, and alike at their beginning: their ends tell them apart. */
const shortened = (subject) => subject.replace(/\b(Y2lz)[\w-]{20,}([\w-]{6})/g, "$1…$2");

const moreOf = ({ by, ms, time, error }) =>
  [by, ms !== undefined && `${Math.round(ms)} ms`, new Date(time).toLocaleTimeString(), error].filter(Boolean);
