import { sandbox } from "./api.js";
import { attempt, h } from "./dom.js";

/** What Webex allows for the text of a message, in bytes. */
const TEXT_LIMIT = 7439;

/** What is behind a card: the text that stands alone on a locked phone, the lint's findings, and the JSON. */
export function behindNode({ json, message, notes }) {
  const text = message.markdown ?? message.text ?? "";
  const source = JSON.stringify(json, undefined, 2);
  const lint = h("div", { role: "status" });
  const behind = h(
    "details.behind",
    {},
    h("summary", {}, "Text and JSON", notes.length > 0 && h("span.badge.warn", {}, `${notes.length} findings`)),
    h("h3", {}, "Text alone", h("small", {}, `${bytes(text)} of ${TEXT_LIMIT.toLocaleString()} bytes`)),
    h("pre", { tabindex: "0" }, text),
    h("h3", {}, "Lint"),
    lint,
    h("h3", {}, "Card", h("small", {}, `${bytes(JSON.stringify(json))} bytes`), copyButton(source)),
    h("pre.json", { tabindex: "0" }, source),
  );
  const read = async () => lint.replaceChildren(lintNode([...(await sandbox.lint(message.id)), ...notes]));
  behind.addEventListener("toggle", () => behind.open && attempt(read), { once: true });
  return behind;
}

const lintNode = (findings) =>
  findings.length > 0
    ? h(
        "ul.findings",
        {},
        findings.map((finding) => h("li", {}, finding)),
      )
    : h("p.note", {}, "✓ Nothing to say against this card.");

const bytes = (text) => new TextEncoder().encode(text).length.toLocaleString();

function copyButton(source) {
  const button = h("button.quiet", { type: "button" }, "Copy for the Designer");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source);
    button.textContent = "Copied";
  });
  return button;
}
