/** Finds the element that index.html promises. */
export function element(id) {
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

/** Puts new children in the place of the old ones; what had the focus keeps it, found again by its `data-key`. */
export function redraw(container, ...nodes) {
  const focused = container.contains(document.activeElement) ? document.activeElement : undefined;
  container.replaceChildren(...nodes.flat());
  if (!focused) return;
  const again = container.querySelector(`[data-key="${CSS.escape(focused.dataset.key ?? "")}"]`);
  (again ?? container.querySelector("button"))?.focus();
}

/** What is asked for many times in a row is done once, when it is quiet. */
export function whenQuiet(work, ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}

/** A time of day as the reader writes it, and the whole date for those who point at it. */
export function timeOf(iso) {
  const date = new Date(iso);
  const clock = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, clock);
}

/** Says something to screen readers without moving anything on the screen. */
export function announce(text) {
  element("announcer").textContent = text;
}

let toastTimer;

/** Shows one line about something that did not work, for a while. */
export function complain(text) {
  const toast = element("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, 6000);
}

/** Runs something a person asked for; what goes wrong is told to them. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    complain(error.message);
    return undefined;
  }
}
