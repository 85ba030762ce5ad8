/** Longer texts are compared by their beginning, as a database index limits the length of its keys. */
const MAX_LENGTH = 200;

/**
 * A text as filters and sorting compare it: in lower case and without accents, cut to 200 characters, with control characters and
 * invalid characters replaced, which databases reject or treat differently. An absent text is the empty text. The search columns
 * of the store have this form.
 */
export function foldCase(text: string | undefined): string {
  return keepCase(text && withoutAccents(text.toLowerCase()));
}

/** Letters that Unicode does not take apart. */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" }),
);

/** `são paulo` is `sao paulo`. Only Latin, Greek and Cyrillic letters have marks of this range; in other scripts a mark is a sound. */
function withoutAccents(text: string): string {
  if (IS_ASCII.test(text)) return text;
  const plain = text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC");
  return plain.replace(/[ßæœøłđðþı]/g, (letter) => LETTERS.get(letter) ?? letter);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
const IS_ASCII = /^[\x00-\x7f]*$/;

/** The same for ids, which are case sensitive. */
export function keepCase(text: string | undefined): string {
  return (text ?? "").slice(0, MAX_LENGTH).replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd");
}

/** Orders by code point, as both databases do; JavaScript itself orders by UTF-16 unit. */
export function compareTexts(a: string, b: string): number {
  const [as, bs] = [[...a], [...b]];
  for (const [index, char] of as.entries()) {
    const other = bs[index];
    if (other === undefined) return 1;
    const difference = (char.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return as.length - bs.length;
}
