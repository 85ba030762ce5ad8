import { attempt, h } from "./dom.js";

/** A file of a message: pictures show themselves, everything else waits to be saved. */
export function fileNode(address, webex) {
  const node = h("p.file", {}, "File…");
  attempt(async () => show(node, await webex().file(address)));
  return node;
}

function show(node, { name, size, type, data }) {
  const link = h("a", { href: data, download: name }, name);
  const picture = type.startsWith("image/") && h("img", { src: data, alt: name });
  node.replaceChildren(...[picture, link, h("small", {}, sizeOf(size))].filter(Boolean));
}

const sizeOf = (size) => (size < 1000 ? `${size} bytes` : `${(size / 1000).toFixed(1)} KB`);
