import { sandbox } from "./api.js";
import { attempt, h } from "./dom.js";

/** Webex's limit for the text of a message, in bytes. */
const MAX_TEXT_BYTES = 7439;

/** Folded under a card: its text form, which a locked phone shows, the findings of the lint, and the JSON. */
export function messageDetailsNode({ json, message, notes }) {
  const text = message.markdown ?? message.text ?? "";
  const source = JSON.stringify(json, undefined, 2);
  const lint = h("div", { role: "status" });
  const details = h(
    "details.message-details",
    {},
    h("summary", {}, "Text and JSON", notes.length > 0 && h("span.badge.warn", {}, `${notes.length} findings`)),
    h("h3", {}, "Text alone", h("small", {}, `${bytes(text)} of ${MAX_TEXT_BYTES.toLocaleString()} bytes`)),
    h("pre", { tabindex: "0" }, text),
    h("h3", {}, "Lint"),
    lint,
    h("h3", {}, "Card", h("small", {}, `${bytes(JSON.stringify(json))} bytes`), copyButton(source)),
    h("pre.json", { tabindex: "0" }, source),
  );
  const read = async () => lint.replaceChildren(lintNode([...(await sandbox.lint(message.id)), ...notes]));
  details.addEventListener("toggle", () => details.open && attempt(read), { once: true });
  return details;
}

const lintNode = (findings) =>
  findings.length > 0
    ? h(
        "ul.findings",
        {},
        findings.map((finding) => h("li", {}, finding)),
      )
    : h("p.note", {}, "✓ No findings.");

const bytes = (text) => new TextEncoder().encode(text).length.toLocaleString();

function copyButton(source) {
  const button = h("button.quiet", { type: "button" }, "Copy for the Designer");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source);
    button.textContent = "Copied";
  });
  return button;
}
