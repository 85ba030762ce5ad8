import { h } from "./dom.js";

/** What Webex allows for the text of a message, in bytes. */
const TEXT_LIMIT = 7439;

/** What is behind a card: the text that stands alone on a locked phone, the lint's findings, and the JSON. */
export function behindNode({ json, message, lint, notes }) {
  const text = message.markdown ?? message.text ?? "";
  const source = JSON.stringify(json, undefined, 2);
  const findings = [...(lint ?? []), ...notes];
  return h(
    "details.behind",
    {},
    h(
      "summary",
      {},
      "Text and JSON",
      findings.length > 0 && h("span.badge.warn", {}, `${findings.length} findings`),
    ),
    h("h3", {}, "Text alone", h("small", {}, `${bytes(text)} of ${TEXT_LIMIT.toLocaleString()} bytes`)),
    h("pre", { tabindex: "0" }, text),
    h("h3", {}, "Lint"),
    lintNode(findings, lint),
    h("h3", {}, "Card", h("small", {}, `${bytes(JSON.stringify(json))} bytes`), copyButton(source)),
    h("pre.json", { tabindex: "0" }, source),
  );
}

function lintNode(findings, lint) {
  if (findings.length > 0)
    return h(
      "ul.findings",
      {},
      findings.map((finding) => h("li", {}, finding)),
    );
  return h(
    "p.note",
    {},
    lint
      ? "✓ Nothing to say against this card."
      : "✓ Taken: the sandbox refuses cards that Webex would refuse.",
  );
}

const bytes = (text) => new TextEncoder().encode(text).length.toLocaleString();

function copyButton(source) {
  const button = h("button.quiet", { type: "button" }, "Copy for the Designer");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source);
    button.textContent = "Copied";
  });
  return button;
}
