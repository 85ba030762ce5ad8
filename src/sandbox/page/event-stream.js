import { elementById } from "./dom.js";

const EVENTS = ["message", "room", "membership", "call", "webhook", "world", "bot", "clock", "seeing"];

/**
 * Subscribes to the sandbox's Server-Sent Events. The browser reconnects by itself. `onOpen` is called at each connection,
 * the first one too, to read what was missed.
 * @param {Record<string, (data: any) => void>} listeners by event type
 */
export function subscribeToEvents(listeners, onOpen) {
  const source = new EventSource("/sandbox/events");
  for (const type of EVENTS) {
    source.addEventListener(type, (event) => listeners[type]?.(JSON.parse(event.data)));
  }
  source.onerror = () => {
    elementById("offline").hidden = false;
  };
  source.onopen = () => {
    elementById("offline").hidden = true;
    onOpen();
  };
}
