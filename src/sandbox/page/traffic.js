import { sandbox } from "./api.js";
import { attempt, countText, elementById, h } from "./dom.js";

const MAX_ROWS = 300;
const EMPTY = { rows: [], all: 0, byBot: 0, webhooks: 0 };

/** A call with one of the bot's two tokens. */
const isByBot = ({ by }) => by === "bot" || by === "wholesale";

/** The list of all calls and webhooks, newest first. */
export function startTraffic() {
  let traffic = EMPTY;
  const counts = h("p.traffic-counts", { role: "status" });
  const pause = h("button", { type: "button", "aria-pressed": "false" }, "Pause");
  const clear = h("button", { type: "button" }, "Clear");
  const everyone = h("input", { type: "checkbox" });
  const drawSoon = oncePerFrame(() => {
    counts.textContent = countsText(traffic, everyone.checked);
    if (pause.getAttribute("aria-pressed") === "false") drawRows(traffic.rows, everyone.checked);
  });
  const add = (row) => {
    traffic = addRow(traffic, row);
    drawSoon();
  };

  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(pause.getAttribute("aria-pressed") === "false"));
    drawSoon();
  });
  clear.addEventListener("click", () => {
    traffic = EMPTY;
    drawRows([], false);
    drawSoon();
    attempt(sandbox.clearCalls);
  });
  everyone.addEventListener("change", drawSoon);
  elementById("traffic-head").append(
    counts,
    h("p.buttons", {}, pause, clear, h("label", {}, everyone, "People's calls too")),
  );
  drawSoon();
  return {
    async readPast() {
      const { calls, webhooks } = await sandbox.traffic();
      const rows = [
        ...calls.map((call) => ({ kind: "call", ...call })),
        ...webhooks.map((webhook) => ({ kind: "webhook", ...webhook })),
      ];
      for (const row of rows.toSorted((one, other) => one.time.localeCompare(other.time))) add(row);
    },
    call: (call) => add({ kind: "call", ...call }),
    webhook: (webhook) => add({ kind: "webhook", ...webhook }),
  };
}

/** A storm brings hundreds of rows a second: draws at most once per frame. */
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

function addRow({ rows, all, byBot, webhooks }, row) {
  const call = row.kind === "call";
  return {
    rows: [row, ...rows].slice(0, MAX_ROWS),
    all: all + (call ? 1 : 0),
    byBot: byBot + (call && isByBot(row) ? 1 : 0),
    webhooks: webhooks + (call ? 0 : 1),
  };
}

const countsText = ({ all, byBot, webhooks }, everyone) =>
  `${countText(everyone ? all : byBot, "call")}, ${countText(webhooks, "webhook")}`;

function drawRows(rows, everyone) {
  const shown = rows.filter((row) => everyone || row.kind === "webhook" || isByBot(row));
  const empty = h("li.note", {}, "The bot's calls to Webex and Wholesale, and the webhooks that Webex sends to it.");
  elementById("traffic-log").replaceChildren(...(shown.length > 0 ? shown.map(rowNode) : [empty]));
}

function rowNode(row) {
  const call = row.kind === "call";
  const failed = row.error !== undefined || row.status >= 400 || row.status === 0;
  const subject = call ? [row.path, row.query].filter(Boolean).join("?") : `${row.resource} ${row.event}`;
  return h(
    "li.traffic-row",
    { "data-kind": row.kind, "data-failed": String(failed) },
    h("span.method", {}, call ? row.method : "HOOK"),
    h("span.path", { title: subject }, shortened(subject)),
    h("span.answer", {}, row.status === 0 ? "cut" : String(row.status ?? "failed")),
    h("span.more", {}, moreOf(row).join(" · ")),
  );
}

/** Webex ids are long and begin alike, so only their ends are shown. */
const shortened = (subject) => subject.replace(/\b(Y2lz)[\w-]{20,}([\w-]{6})/g, "$1…$2");

const moreOf = ({ by, ms, time, error }) =>
  [by, ms !== undefined && `${Math.round(ms)} ms`, new Date(time).toLocaleTimeString(), error].filter(Boolean);
