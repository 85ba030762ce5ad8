import { attempt, h } from "./dom.js";

/** Webex previews pictures of at most one megabyte. */
const PREVIEWED = { types: ["image/png", "image/jpeg", "image/gif"], mostBytes: 1024 * 1024 };

/** A file of a message: a link to save it, and a preview of pictures. */
export function fileNode(address, webex) {
  const node = h("div.file", {}, "File…");
  attempt(async () => {
    const file = await webex().describeFile(address);
    const read = () => webex().file(address);
    node.replaceChildren(linkNode(file, read));
    if (PREVIEWED.types.includes(file.type) && file.size <= PREVIEWED.mostBytes) {
      node.prepend(pictureNode(file, await read()));
    }
  });
  return node;
}

function pictureNode({ name }, blob) {
  const address = URL.createObjectURL(blob);
  const picture = h("img", { src: address, alt: name });
  for (const end of ["load", "error"]) picture.addEventListener(end, () => URL.revokeObjectURL(address));
  return picture;
}

/** The bytes need a token, so a click fetches them first, and then saves them under the file's name. */
function linkNode({ name, size }, read) {
  const save = async (event) => {
    event.preventDefault();
    const blob = await attempt(read);
    if (!blob) return;
    const address = URL.createObjectURL(blob);
    h("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), SAVED_MS);
  };
  return h(
    "p.file-line",
    {},
    h("a", { href: "#", download: name, onclick: save, "aria-label": `Download ${name}` }, name),
    h("small", {}, sizeText(size)),
  );
}

/** Long enough for the browser to start saving. */
const SAVED_MS = 60_000;

function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
