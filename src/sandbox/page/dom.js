/** An element of index.html. Throws when there is none with this id. */
export function elementById(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/**
 * Builds an element. Texts become text nodes, never markup; `on…` keys are listeners; `undefined` and `false` are left out.
 * @param {string} tag may carry classes: `p.note.small`
 * @param {Record<string, unknown>} [attributes]
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length > 0) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) setAttribute(node, key, value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return node;
}

function setAttribute(node, key, value) {
  if (key.startsWith("on")) return node.addEventListener(key.slice(2), value);
  if (key === "value") node.value = value;
  else node.setAttribute(key, value === true ? "" : String(value));
}

/** The element under a pressed pointer; undefined while none is pressed. */
let pressed;
/** The redraws that wait until the pointer is released: a container to its new children. */
const waiting = new Map();

document.addEventListener("pointerdown", ({ button, target }) => {
  pressed = button === 0 ? target : undefined;
});
for (const released of ["pointerup", "pointercancel"]) document.addEventListener(released, () => setTimeout(release));

/** Runs after the click, which follows the release of the pointer at once. */
function release() {
  pressed = undefined;
  for (const [container, nodes] of waiting) replaceChildren(container, nodes);
  waiting.clear();
}

/**
 * Replaces the children of a container. The focus moves to the new element with the same `data-key`. Waits while a child is
 * pressed, because a click is lost when its button is replaced before the pointer is released.
 */
export function redraw(container, ...nodes) {
  if (pressed && container.contains(pressed)) waiting.set(container, nodes);
  else replaceChildren(container, nodes);
}

function replaceChildren(container, nodes) {
  const focused = container.contains(document.activeElement) ? document.activeElement : undefined;
  container.replaceChildren(...nodes.flat().filter((node) => node !== undefined && node !== false));
  if (!focused) return;
  const again = container.querySelector(`[data-key="${CSS.escape(focused.dataset.key ?? "")}"]`);
  (again ?? container.querySelector("button"))?.focus();
}

/** Calls `work` once, `ms` after the last of several calls. */
export function debounce(work, ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}

/** A time of day in the locale of the browser; the tooltip has the date. */
export function timeNode(iso) {
  const date = new Date(iso);
  const clock = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, clock);
}

/** A number with its noun: `1 call`, `1,200 calls`. */
export const countText = (count, word) => `${count.toLocaleString()} ${word}${count === 1 ? "" : "s"}`;

/** Announces a text to screen readers only. */
export function announce(text) {
  elementById("announcer").textContent = text;
}

let toastTimer;

/** Shows an error in one line, for six seconds. */
export function showError(text) {
  const toast = elementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, 6000);
}

/** Runs something a person asked for; an error is shown to them. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    showError(error.message);
    return undefined;
  }
}
