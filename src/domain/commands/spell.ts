import { normalizeText } from "./straighten.ts";

/** Writes a value so that it is read back as it is; `may` says which of the readable ways would be. */
export type Quoting = (text: string, may: { readonly alone: boolean; readonly quoted?: boolean }) => string;

/** Two values can look like markup together (`"[a"` and `"](https://b)"`) though neither does by itself. */
export function writeStable(write: (spell: Quoting) => string): string {
  const text = write(quoteReadably);
  return normalizeText(text) === text ? text : write(quoteSafely);
}

const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}_@+/-]|\.(?=[\p{L}\p{N}]))*$/u;

export const quoteReadably: Quoting = (text, { alone, quoted: inQuotes = true }) => {
  if (alone && isPlain(text)) return text;
  const quoted = `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
  const isKept = inQuotes && normalizeText(quoted) === quoted && text.trim() === text;
  return isKept ? quoted : escapeCodePoints(text);
};

const quoteSafely: Quoting = (text, { alone }) => (alone && isPlain(text) ? text : escapeCodePoints(text));

function isPlain(text: string): boolean {
  return PLAIN.test(text) && normalizeText(text) === text;
}

/** Signs, and whatever straightening would change, by their numbers; the first character too, which marks the text as exact. */
function escapeCodePoints(text: string): string {
  const numbered = [...text].map((character, index) => {
    const isKept = /^[\p{L}\p{N} ]$/u.test(character) && normalizeText(`a${character}a`) === `a${character}a`;
    return index > 0 && isKept ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${numbered.join("").replace(/ $/, String.raw`\u{20}`)}"`;
}

/** The parts that there are, as one line. */
export function joinParts(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(" ");
}
