/**
 * What a phone or a client made of a message, back to what was meant: plain quotes, spaces, dashes and signs, no invisible
 * characters, and links and e-mail addresses as people typed them. Nothing is done to letters and digits of plain ASCII, so
 * ids come through as they are.
 */
export function normalizeText(text: string): string {
  return plainCharacters(withoutMarkup(text)).trim();
}

/**
 * Every pattern stops at the next `<` or `[`, so that no text takes more than one pass; and a tag is only what has the
 * full shape of one, so that a plain `<` loses nothing.
 */
const ATTRIBUTES = String.raw`(?:\s+[a-z-]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*\/?`;
const BLOCK_TAG = new RegExp(String.raw`<\/?(?:p|br|div|li|ul|ol|blockquote|pre)${ATTRIBUTES}>`, "gi");
const INLINE_TAG = new RegExp(String.raw`<\/?(?:a|b|i|em|strong|span|code)${ATTRIBUTES}>`, "gi");
const POINTED_LINK = /<((?:mailto:|https?:\/\/)[^<>|\s]*)(?:\|([^<>]*))?>/gi;
const MARKDOWN_LINK = /\[([^[\]]+)\]\((?:mailto:|https?:\/\/|www\.)[^()\s]*\)/gi;
const CODE = /`+([^`]*)`+/g;
const MAILTO = /(^|[\s"'=:,(])mailto:(?=[^\s@]{1,64}@)/gi;
const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27|#34);/gi;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&nbsp;", " "],
  ["&#39;", "'"],
  ["&#x27;", "'"],
  ["&#34;", '"'],
]);

function withoutMarkup(text: string): string {
  return text
    .replace(POINTED_LINK, (_, address: string, label?: string) => label ?? address)
    .replace(BLOCK_TAG, " ")
    .replace(INLINE_TAG, "")
    .replace(MARKDOWN_LINK, "$1")
    .replace(CODE, "$1")
    .replace(MAILTO, "$1")
    .replace(ENTITY, (entity) => ENTITIES.get(entity.toLowerCase()) ?? entity);
}

const FULL_WIDTH_OFFSET = 0xfee0;

function plainCharacters(text: string): string {
  return (
    text
      .replace(/\p{Cf}/gu, "")
      .replace(/\s/g, " ")
      .replace(/\p{Cc}/gu, "")
      .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH_OFFSET))
      .replace(/[“”„‟«»″〝〞]/g, '"')
      .replace(/[‘’‚‛‹›′ʼ´]/g, "'")
      .replace(/[‐-―−﹘﹣]/g, "-")
      .replace(/…/g, "...")
      .replace(/。/g, ".")
      .replace(/[、،]/g, ",")
      .replace(/≠/g, "!=")
      // What the bot itself shows for a star, where a real one would act as markup.
      .replace(/∗/g, "*")
  );
}
