import { element } from "./dom.js";

const EVENTS = ["message", "room", "membership", "call", "webhook", "world", "bot", "seeing"];

/**
 * Listens to the sandbox. The browser comes back by itself after a break; `onReturn` then reads again what was missed.
 * @param {Record<string, (data: any) => void>} listeners by event type
 */
export function listen(listeners, onReturn) {
  const source = new EventSource("/sandbox/events");
  let broken = false;
  for (const type of EVENTS) {
    source.addEventListener(type, (event) => listeners[type]?.(JSON.parse(event.data)));
  }
  source.onerror = () => {
    broken = true;
    element("offline").hidden = false;
  };
  source.onopen = () => {
    element("offline").hidden = true;
    if (broken) onReturn();
    broken = false;
  };
}
