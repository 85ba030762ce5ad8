import { sandbox } from "./api.js";
import { attempt, elementById } from "./dom.js";

const TICK_MS = 250;

/** The time of the world in epoch milliseconds; it may run ahead of the browser's, and faster. */
export const worldNow = ({ clock }) => (clock ? clock.now + (Date.now() - clock.received) * clock.speed : Date.now());

/** The clock of the world, its speed, and buttons that advance it. */
export function startWorldClock(state) {
  const change = (patch) => attempt(() => sandbox.changeClock(patch));
  elementById("speed-choice").addEventListener("change", ({ target }) => change({ speed: Number(target.value) }));
  for (const button of elementById("advance").querySelectorAll("button")) {
    button.addEventListener("click", () => change({ forward: button.value }));
  }
  state.on(["clock"], ({ clock }) => {
    drawSpeed(clock);
    drawNow(state.get());
  });
  setInterval(() => drawNow(state.get()), TICK_MS);
}

function drawSpeed({ speed }) {
  for (const radio of elementById("speed-choice").querySelectorAll("input")) {
    radio.checked = Number(radio.value) === speed;
  }
}

function drawNow(now) {
  if (!now.clock) return;
  const date = new Date(worldNow(now));
  const shown = elementById("time-now");
  shown.dateTime = date.toISOString();
  shown.textContent = date.toLocaleString([], {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  elementById("time-ahead").textContent = aheadText(date - Date.now(), now.clock.speed);
}

function aheadText(ms, speed) {
  const ahead = Math.abs(ms) >= 1000 && `${durationText(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`;
  return [ahead, speed === 0 && "paused"].filter(Boolean).join(", ");
}

function durationText(ms) {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
