import { element } from "./dom.js";

const EVENTS = ["message", "room", "membership", "call", "webhook", "world", "bot", "clock", "seeing"];

/**
 * Listens to the sandbox. The browser comes back by itself after a break. `onOpen` reads again what was said before
 * there was anybody to hear it, the first time too.
 * @param {Record<string, (data: any) => void>} listeners by event type
 */
export function listen(listeners, onOpen) {
  const source = new EventSource("/sandbox/events");
  for (const type of EVENTS) {
    source.addEventListener(type, (event) => listeners[type]?.(JSON.parse(event.data)));
  }
  source.onerror = () => {
    element("offline").hidden = false;
  };
  source.onopen = () => {
    element("offline").hidden = true;
    onOpen();
  };
}
