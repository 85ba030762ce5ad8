/** Keeps the nodes whose key is unchanged, so that text typed into a card and open details stay. */
export function createKeyedNodes() {
  let nodes = new Map();
  return {
    clear() {
      nodes = new Map();
    },
    /** The node kept under this name, or a new one when its key has changed. */
    keep(name, key, make) {
      const kept = nodes.get(name);
      if (kept?.key === key) return kept.node;
      const node = make();
      nodes.set(name, { key, node });
      return node;
    },
  };
}

/** Moves only the children that are out of place, so that the focus is kept. If the element with it was replaced, it goes on there. */
export function placeChildren(container, wanted) {
  const focused = container.contains(document.activeElement) ? document.activeElement : undefined;
  const article = focused?.closest("article");
  const staying = new Set(wanted);
  for (const child of [...container.children]) if (!staying.has(child)) child.remove();
  for (const [index, node] of wanted.entries()) {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  }
  if (article && !focused.isConnected) focusAgain(container, { id: article.dataset.id, words: focused.textContent });
}

/** The same button of the message that was edited; without it the message; if that was deleted, the newest one. */
function focusAgain(container, { id, words }) {
  const message = container.querySelector(`article[data-id="${CSS.escape(id)}"]`) ?? container.lastElementChild;
  if (!message) return;
  const button = [...message.querySelectorAll("button")].find(({ textContent }) => textContent === words);
  if (!button) message.tabIndex = -1;
  (button ?? message).focus({ preventScroll: true });
}
