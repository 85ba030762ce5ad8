import { createAutoScroll } from "./auto-scroll.js";
import { countText, elementById, h, redraw, timeNode } from "./dom.js";
import { createKeyedNodes, placeChildren } from "./keyed-nodes.js";
import { messageNode } from "./message.js";
import { groupIntoThreads } from "./messages.js";
import { loadSetting, saveSetting } from "./settings.js";
import { worldNow } from "./world-clock.js";

const TICK_MS = 1000;
const HOUR_MS = 60 * 60_000;
const BARS = 12;

/**
 * The open space as an alert room, read-only: threads are folded under their roots, and the last hour is counted.
 * @param {{state: any, webex: () => any, readEarlier: () => Promise<void>}} deps
 */
export function startAlertRoom(deps) {
  const { state } = deps;
  const nodes = createKeyedNodes();
  const log = elementById("alert-room-log");
  const autoScroll = createAutoScroll(log);
  const readHour = createHourReader(deps);
  elementById("room-alerts").addEventListener("click", () => toggle(state));
  state.on(["roomId", "dark"], nodes.clear);
  state.on(["roomId", "asAlertRoom"], autoScroll.start);
  state.on(["roomId", "asAlertRoom", "draft"], show);
  state.on(["messages", "earlier", "dark", "asAlertRoom"], (now) => {
    if (!now.asAlertRoom) return;
    readHour(now);
    drawHour(now);
    autoScroll.while(() => placeChildren(log, threadNodes({ now, nodes, ...deps })));
  });
  setInterval(() => state.get().asAlertRoom && drawHour(state.get()), TICK_MS);
  state.set({ asAlertRoom: loadSetting(sessionStorage, "alert-room") === "true" });
}

function toggle(state) {
  const asAlertRoom = !state.get().asAlertRoom;
  saveSetting(sessionStorage, "alert-room", String(asAlertRoom));
  state.set({ asAlertRoom });
}

function show({ asAlertRoom, roomId }) {
  const isOn = asAlertRoom && roomId !== undefined;
  const button = elementById("room-alerts");
  button.hidden = roomId === undefined;
  button.setAttribute("aria-pressed", String(isOn));
  elementById("alert-room").hidden = !isOn;
  elementById("log").hidden = isOn;
  elementById("composer").hidden = isOn;
}

/** Reads earlier messages until the whole last hour is there; a storm may bring more than one page of them. */
function createHourReader({ readEarlier }) {
  let isReading = false;
  return async (now) => {
    const [oldest] = now.messages;
    if (isReading || !now.earlier || !oldest || !isWithinHour(oldest, worldNow(now))) return;
    isReading = true;
    await readEarlier();
    isReading = false;
  };
}

const isWithinHour = ({ created }, now) => now - Date.parse(created) < HOUR_MS;

function drawHour(now) {
  const time = worldNow(now);
  const recent = now.messages.filter((message) => isWithinHour(message, time));
  const bars = Array.from({ length: BARS }, (_, at) => recent.filter((one) => barOf(one, time) === at).length);
  const most = Math.max(1, ...bars);
  const chart = h("div.bar-chart", { role: "img", "aria-label": "Five minutes each, the newest on the right" });
  chart.append(...bars.map((count) => barNode(count, most)));
  redraw(
    elementById("alert-room-hour"),
    h("p", {}, h("strong", {}, countText(recent.length, "message")), " in the last hour"),
    chart,
  );
}

const barOf = ({ created }, now) => BARS - 1 - Math.floor(((now - Date.parse(created)) / HOUR_MS) * BARS);

function barNode(count, most) {
  const bar = h("span.bar-chart-bar", { title: String(count) });
  bar.style.setProperty("--share", String(count / most));
  return bar;
}

function threadNodes({ now, nodes, ...deps }) {
  const nodeOf = (message) =>
    nodes.keep(message.id, JSON.stringify([message.updated, message.deleted]), () =>
      messageNode({ message, reply: false, continued: false, readOnly: true, now, ...deps }),
    );
  return groupIntoThreads(now.messages).map(({ root, replies }) => {
    const node = nodes.keep(`thread ${root.id}`, "", () => h("div.thread", { "data-id": root.id }));
    const folded = replies.length === 0 ? [] : [foldNode({ root, replies, nodes, nodeOf })];
    placeChildren(node, [nodeOf(root), ...folded]);
    return node;
  });
}

function foldNode({ root, replies, nodes, nodeOf }) {
  const fold = nodes.keep(`fold ${root.id}`, "", () => h("details.fold", {}, h("summary"), h("div")));
  const [summary, inside] = fold.children;
  const last = replies.at(-1);
  summary.replaceChildren(
    h("strong", {}, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    h("span.fold-last", {}, last.deleted ? "deleted" : firstLineOf(last)),
    timeNode(last.created),
  );
  placeChildren(inside, replies.map(nodeOf));
  return fold;
}

const firstLineOf = ({ text = "" }) => text.split("\n")[0];
