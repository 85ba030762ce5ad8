/** The person meant by `<@personId:…|Name>` or `<@personEmail:…|Name>`, in the space or not; undefined when there is none. */
export type FindMentionedPerson = (
  by: "personId" | "personEmail",
  value: string,
) => { readonly id: string; readonly name: string } | undefined;

export interface RenderedMarkdown {
  readonly html: string;
  /** The text without markup, for clients without rich text. */
  readonly text: string;
  readonly mentionedIds: readonly string[];
}

/** Webex's subset of Markdown (REST API Basics): emphasis, headings, links, lists, quotes, code and mentions; nothing else. */
export function renderMarkdown(markdown: string, find: FindMentionedPerson): RenderedMarkdown {
  const mentioned = new Set<string>();
  const inline = (text: string) => inlineHtml(text, (by, value) => recordMention(find(by, value), mentioned));
  const html = markdown
    .split(/^```[^\n]*\n([\s\S]*?)\n?```$/m)
    .map((part, at) => (at % 2 === 1 ? `<pre><code>${escapeHtml(part)}</code></pre>` : blocksHtml(part, inline)))
    .filter((part) => part !== "")
    .join("\n");
  return { html, text: textOfHtml(html), mentionedIds: [...mentioned] };
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? "&quot;");

function recordMention<T extends { readonly id: string }>(
  person: T | undefined,
  mentioned: Set<string>,
): T | undefined {
  if (person) mentioned.add(person.id);
  return person;
}

const HEADING = /^(?<signs>#{1,6}) +(?<title>.+)$/;

const BLOCKS = [
  { marker: /^[-*+] +/, open: "<ul>", close: "</ul>", item: (html: string) => `<li>${html}</li>` },
  { marker: /^\d+[.)] +/, open: "<ol>", close: "</ol>", item: (html: string) => `<li>${html}</li>` },
  { marker: /^> ?/, open: "<blockquote>", close: "</blockquote>", item: (html: string) => `${html}<br/>` },
];

type Block = (typeof BLOCKS)[number] | undefined;

function blocksHtml(text: string, inline: (text: string) => string): string {
  const groups: { block: Block; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const block = BLOCKS.find(({ marker }) => marker.test(line));
    const last = groups.at(-1);
    if (last && last.block === block && (block !== undefined || isOneParagraph(last.lines, line)))
      last.lines.push(line);
    else groups.push({ block, lines: [line] });
  }
  const blocks = groups.map(({ block, lines }) => blockHtml(block, lines, inline));
  return blocks.filter((html) => html !== "").join("\n");
}

const isOneParagraph = (lines: readonly string[], next: string): boolean =>
  [lines.at(-1) ?? "", next].every((line) => line !== "" && !HEADING.test(line));

function blockHtml(block: Block, lines: readonly string[], inline: (text: string) => string): string {
  if (block) {
    const items = lines.map((line) => block.item(inline(line.replace(block.marker, ""))));
    return block.open + items.join("") + block.close;
  }
  const { signs = "", title = "" } = HEADING.exec(lines.join("\n"))?.groups ?? {};
  if (title !== "") return `<h${signs.length}>${inline(title)}</h${signs.length}>`;
  const written = inline(lines.join("\n"));
  return written.trim() === "" ? "" : `<p>${written.replace(/ {2,}\n/g, "<br/>")}</p>`;
}

const SPAN = new RegExp(
  [
    /\\(?<escaped>[\\`*_{}[\]()#+.!~>|<-])/,
    /`(?<code>[^`\n]+)`/,
    /<@(?<by>personId|personEmail):(?<who>[^|>\s]+)(?:\|(?<named>[^>]*))?>/,
    /\[(?<label>[^\]\n]*)\]\((?<href>(?:https?:|mailto:)[^)\s]+)\)/,
    /\*{3}(?=\S)(?<both>[^*\n]+?)(?<=\S)\*{3}/,
    /\*\*(?=\S)(?<strong>.+?)(?<=\S)\*\*/,
    /\*(?=[^\s*])(?<em>[^*\n]*?[^\s*])\*/,
    /(?<!\w)_(?=\S)(?<em2>[^\n]+?)(?<=\S)_(?!\w)/,
    /(?<url>https?:\/\/[^\s<>]+)/,
    /(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

function inlineHtml(text: string, find: FindMentionedPerson): string {
  let html = "";
  let done = 0;
  for (const match of text.matchAll(SPAN)) {
    html += escapeHtml(text.slice(done, match.index)) + spanHtml(match[0], match.groups ?? {}, find);
    done = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(done));
}

function spanHtml(
  source: string,
  found: Readonly<Record<string, string | undefined>>,
  find: FindMentionedPerson,
): string {
  const { escaped, code, who, label, href, both, strong, em, em2, url, mail } = found;
  const emphasis = em ?? em2;
  if (escaped !== undefined) return escapeHtml(escaped);
  if (code !== undefined) return `<code>${escapeHtml(code)}</code>`;
  if (who !== undefined) return mentionHtml(found, find);
  if (href !== undefined) return linkHtml(href, inlineHtml(label ?? "", find));
  if (both !== undefined) return `<strong><em>${inlineHtml(both, find)}</em></strong>`;
  if (strong !== undefined) return `<strong>${inlineHtml(strong, find)}</strong>`;
  if (emphasis !== undefined) return `<em>${inlineHtml(emphasis, find)}</em>`;
  if (url !== undefined) return linkHtml(url, escapeHtml(url));
  return mail === undefined ? escapeHtml(source) : linkHtml(`mailto:${mail}`, escapeHtml(mail));
}

const linkHtml = (href: string, html: string): string => `<a href="${escapeHtml(href)}" rel="nofollow">${html}</a>`;

function mentionHtml(
  { by, who = "", named }: Readonly<Record<string, string | undefined>>,
  find: FindMentionedPerson,
): string {
  const person = find(by === "personEmail" ? "personEmail" : "personId", who);
  const name = escapeHtml(named || person?.name || who);
  if (!person) return name;
  return `<spark-mention data-object-type="person" data-object-id="${person.id}">${name}</spark-mention>`;
}

/** Webex writes a space where a line breaks. */
function textOfHtml(html: string): string {
  return html
    .replace(/<br\/>|<\/(?:p|h[1-6]|li|blockquote|pre)>|\n/g, " ")
    .replace(/<[^>]+>/g, "")
    .replace(/ {2,}/g, " ")
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", quot: '"' })[name] ?? "&")
    .trim();
}
