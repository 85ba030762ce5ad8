/** Keeps nodes for as long as they look the same, so that what was typed into a card or unfolded stays so. */
export function createShelf() {
  let nodes = new Map();
  return {
    clear() {
      nodes = new Map();
    },
    /** The node of before under this name, unless its key is another one now. */
    keep(name, key, make) {
      const kept = nodes.get(name);
      if (kept?.key === key) return kept.node;
      const node = make();
      nodes.set(name, { key, node });
      return node;
    },
  };
}

/** Moves only what is not where it should be, so that the focus stays where it is. */
export function place(container, wanted) {
  const staying = new Set(wanted);
  for (const child of [...container.children]) if (!staying.has(child)) child.remove();
  for (const [index, node] of wanted.entries()) {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  }
}
