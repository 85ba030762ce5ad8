import { sandbox } from "./api.js";
import { attempt, element } from "./dom.js";

const TICK_MS = 250;

/** The time of the world, which may have been put forward, and may run faster than this browser's. */
export const nowIn = ({ clock }) => (clock ? clock.now + (Date.now() - clock.received) * clock.speed : Date.now());

/** What time it is in the sandbox, how fast it goes, and the ways to be later. */
export function startTime(state) {
  const steer = (change) => attempt(() => sandbox.steerClock(change));
  element("speed-choice").addEventListener("change", ({ target }) => steer({ speed: Number(target.value) }));
  for (const button of element("leaps").querySelectorAll("button")) {
    button.addEventListener("click", () => steer({ forward: button.value }));
  }
  state.on(["clock"], ({ clock }) => {
    drawSpeed(clock);
    drawNow(state.get());
  });
  setInterval(() => drawNow(state.get()), TICK_MS);
}

function drawSpeed({ speed }) {
  for (const radio of element("speed-choice").querySelectorAll("input")) {
    radio.checked = Number(radio.value) === speed;
  }
}

function drawNow(now) {
  if (!now.clock) return;
  const date = new Date(nowIn(now));
  const shown = element("time-now");
  shown.dateTime = date.toISOString();
  shown.textContent = date.toLocaleString([], {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  element("time-ahead").textContent = aheadText(date - Date.now(), now.clock.speed);
}

function aheadText(ms, speed) {
  const pace = speed === 0 ? "stands still" : undefined;
  return [Math.abs(ms) < 1000 ? undefined : `${spanText(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`, pace]
    .filter(Boolean)
    .join(", ");
}

function spanText(ms) {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
