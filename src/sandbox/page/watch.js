import { element, h, redraw, timeOf } from "./dom.js";
import { createFollower } from "./follow.js";
import { messageNode } from "./message.js";
import { keep, recall } from "./settings.js";
import { createShelf, place } from "./shelf.js";
import { inThreads } from "./threads.js";
import { nowIn } from "./time.js";

const TICK_MS = 1000;
const HOUR_MS = 60 * 60_000;
const BARS = 12;

/**
 * The open space as an alert room: nobody types, threads are folded under their roots, and the last hour is counted.
 * @param {{state: any, webex: () => any, readEarlier: () => Promise<void>}} deps
 */
export function startWatch(deps) {
  const { state } = deps;
  const shelf = createShelf();
  const log = element("watch-log");
  const follower = createFollower(log);
  const readHour = createHourReader(deps);
  element("room-watch").addEventListener("click", () => toggle(state));
  state.on(["roomId", "dark"], shelf.clear);
  state.on(["roomId", "watching"], follower.start);
  state.on(["roomId", "watching", "draft"], show);
  state.on(["messages", "earlier", "dark", "watching"], (now) => {
    if (!now.watching) return;
    readHour(now);
    drawHour(now);
    follower.while(() => place(log, threadNodes({ now, shelf, ...deps })));
  });
  setInterval(() => state.get().watching && drawHour(state.get()), TICK_MS);
  state.set({ watching: recall(sessionStorage, "watching") === "true" });
}

function toggle(state) {
  const watching = !state.get().watching;
  keep(sessionStorage, "watching", String(watching));
  state.set({ watching });
}

function show({ watching, roomId }) {
  const isOn = watching && roomId !== undefined;
  const button = element("room-watch");
  button.hidden = roomId === undefined;
  button.setAttribute("aria-pressed", String(isOn));
  element("watch").hidden = !isOn;
  element("log").hidden = isOn;
  element("composer").hidden = isOn;
}

/** A storm may bring more than is read at once: reads on until the whole hour is there. */
function createHourReader({ readEarlier }) {
  let isReading = false;
  return async (now) => {
    const [oldest] = now.messages;
    if (isReading || !now.earlier || !oldest || !isWithinHour(oldest, nowIn(now))) return;
    isReading = true;
    await readEarlier();
    isReading = false;
  };
}

const isWithinHour = ({ created }, now) => now - Date.parse(created) < HOUR_MS;

function drawHour(now) {
  const time = nowIn(now);
  const recent = now.messages.filter((message) => isWithinHour(message, time));
  const bars = Array.from({ length: BARS }, (_, at) => recent.filter((one) => barOf(one, time) === at).length);
  const most = Math.max(1, ...bars);
  const text = `${recent.length.toLocaleString()} ${recent.length === 1 ? "message" : "messages"}`;
  const chart = h("div.pace", { role: "img", "aria-label": "Five minutes each, the newest on the right" });
  chart.append(...bars.map((count) => barNode(count, most)));
  redraw(element("watch-hour"), h("p", {}, h("strong", {}, text), " in the last hour"), chart);
}

const barOf = ({ created }, now) => BARS - 1 - Math.floor(((now - Date.parse(created)) / HOUR_MS) * BARS);

function barNode(count, most) {
  const bar = h("span.pace-bar", { title: String(count) });
  bar.style.setProperty("--share", String(count / most));
  return bar;
}

function threadNodes({ now, shelf, ...deps }) {
  const nodeOf = (message) =>
    shelf.keep(message.id, JSON.stringify([message.updated, message.deleted]), () =>
      messageNode({ message, reply: false, continued: false, readOnly: true, now, ...deps }),
    );
  return inThreads(now.messages).map(({ root, replies }) => {
    const node = shelf.keep(`thread ${root.id}`, "", () => h("div.thread", { "data-id": root.id }));
    const folded = replies.length === 0 ? [] : [foldNode({ root, replies, shelf, nodeOf })];
    place(node, [nodeOf(root), ...folded]);
    return node;
  });
}

function foldNode({ root, replies, shelf, nodeOf }) {
  const fold = shelf.keep(`fold ${root.id}`, "", () => h("details.fold", {}, h("summary"), h("div")));
  const [summary, inside] = fold.children;
  const last = replies.at(-1);
  summary.replaceChildren(
    h("strong", {}, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    h("span.fold-last", {}, last.deleted ? "deleted" : firstLineOf(last)),
    timeOf(last.created),
  );
  place(inside, replies.map(nodeOf));
  return fold;
}

const firstLineOf = ({ text = "" }) => text.split("\n")[0];
