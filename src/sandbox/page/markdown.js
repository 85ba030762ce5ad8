import { h } from "./dom.js";

/** The Markdown that Webex renders inside a card (as its web widget does). */
const cardMarkdown = globalThis.markdownit("zero").enable(["emphasis", "escape", "link", "list", "newline"]);
cardMarkdown.set({ breaks: true, html: false });

/** In a message Webex renders code, headings and quotes too. */
const messageMarkdown = globalThis
  .markdownit("zero")
  .enable(["emphasis", "escape", "link", "list", "newline", "backticks", "fence", "heading", "blockquote"]);
messageMarkdown.set({ breaks: true, html: false });
messageMarkdown.inline.ruler.push("mention", readMention);
messageMarkdown.renderer.rules.mention = (tokens, index) =>
  `<span class="mention">@${messageMarkdown.utils.escapeHtml(tokens[index].content)}</span>`;
messageMarkdown.renderer.rules.link_open = openElsewhere;
cardMarkdown.renderer.rules.link_open = openElsewhere;

export const renderCardMarkdown = (text) => cardMarkdown.render(text);

/** The text of a message as an element: its Markdown, or its plain text. */
export function messageBodyNode({ markdown, text }) {
  if (!markdown) return h("div.body.plain", {}, text ?? "");
  const body = h("div.body");
  body.innerHTML = messageMarkdown.render(markdown);
  return body;
}

/** `<@personId:…|Name>`, `<@personEmail:…|Name>` and `<@all>`, in Webex's own notation. */
function readMention(state, silent) {
  const found = /^<@(?:person(?:Id|Email):([^|>]+)(?:\|([^>]*))?|all)>/.exec(state.src.slice(state.pos));
  if (!found) return false;
  if (!silent) state.push("mention", "", 0).content = found[2] ?? found[1] ?? "all";
  state.pos += found[0].length;
  return true;
}

function openElsewhere(tokens, index, options, _env, renderer) {
  tokens[index].attrSet("target", "_blank");
  tokens[index].attrSet("rel", "noopener noreferrer");
  return renderer.renderToken(tokens, index, options);
}
