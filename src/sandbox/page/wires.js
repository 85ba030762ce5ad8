import { sandbox } from "./api.js";
import { attempt, element, h } from "./dom.js";

const KEPT = 300;

/** Every call and every webhook, newest first, as they go by. */
export function startWires() {
  const wires = { rows: [], calls: 0, webhooks: 0, paused: false, botOnly: true };
  const counts = h("p.wires-counts", { role: "status" });
  const pause = h("button", { type: "button", "aria-pressed": "false" }, "Pause");
  const clear = h("button", { type: "button" }, "Clear");
  const mine = h("input", { type: "checkbox", checked: true });
  let drawing = false;

  const drawSoon = () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      draw(wires, counts);
    });
  };
  const add = (row) => {
    wires.rows = [row, ...wires.rows].slice(0, KEPT);
    if (!wires.paused) drawSoon();
  };

  pause.addEventListener("click", () => {
    wires.paused = !wires.paused;
    pause.textContent = wires.paused ? "Go on" : "Pause";
    pause.setAttribute("aria-pressed", String(wires.paused));
    drawSoon();
  });
  clear.addEventListener("click", () => {
    wires.rows = [];
    drawSoon();
    attempt(() => sandbox.clearCalls());
  });
  mine.addEventListener("change", () => {
    wires.botOnly = mine.checked;
    drawSoon();
  });
  element("wires-head").append(
    counts,
    h("p.buttons", {}, pause, clear, h("label", {}, mine, "Only the bot's")),
  );
  drawSoon();
  return {
    call: (call) => add({ kind: "call", ...call }),
    webhook: (webhook) => add({ kind: "webhook", ...webhook }),
  };
}

function draw(wires, counts) {
  const rows = wires.rows.filter(({ kind, by }) => kind === "webhook" || !wires.botOnly || by === "bot");
  const calls = rows.filter(({ kind }) => kind === "call").length;
  const webhooks = rows.length - calls;
  counts.textContent = `${plural(calls, "call")}, ${plural(webhooks, "webhook")}${wires.paused ? ", paused" : ""}`;
  if (wires.paused) return;
  element("wires-log").replaceChildren(...rows.map(rowNode));
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function rowNode(row) {
  const call = row.kind === "call";
  const failed = row.error !== undefined || row.status >= 400 || row.status === 0;
  return h(
    "li.wire",
    { "data-kind": row.kind, "data-failed": String(failed) },
    h("span.method", {}, call ? row.method : "HOOK"),
    h("span.path", {}, call ? row.path : `${row.resource} ${row.event}`),
    h("span.answer", {}, String(row.error ?? row.status)),
    h(
      "span.more",
      {},
      [call && row.by, `${Math.round(row.ms)} ms`, clock(row.time)].filter(Boolean).join(" · "),
    ),
  );
}

const clock = (time) => new Date(time).toLocaleTimeString();
