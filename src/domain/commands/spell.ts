import { straighten } from "./straighten.ts";

/** Writes a value so that it is read back as it is; `may` says which of the readable ways would be. */
export type Spell = (text: string, may: { readonly alone: boolean; readonly quoted?: boolean }) => string;

/** Two values can look like markup together (`"[a"` and `"](https://b)"`) though neither does by itself. */
export function kept(write: (spell: Spell) => string): string {
  const text = write(spellReadably);
  return straighten(text) === text ? text : write(spellSafely);
}

const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}_@+/-]|\.(?=[\p{L}\p{N}]))*$/u;

export const spellReadably: Spell = (text, { alone, quoted: inQuotes = true }) => {
  if (alone && isPlain(text)) return text;
  const quoted = `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
  const isKept = inQuotes && straighten(quoted) === quoted && text.trim() === text;
  return isKept ? quoted : byNumber(text);
};

const spellSafely: Spell = (text, { alone }) => (alone && isPlain(text) ? text : byNumber(text));

function isPlain(text: string): boolean {
  return PLAIN.test(text) && straighten(text) === text;
}

/** Signs, and whatever straightening would change, by their numbers; the first character too, which marks the text as exact. */
function byNumber(text: string): string {
  const numbered = [...text].map((character, index) => {
    const isKept = /^[\p{L}\p{N} ]$/u.test(character) && straighten(`a${character}a`) === `a${character}a`;
    return index > 0 && isKept ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${numbered.join("").replace(/ $/, String.raw`\u{20}`)}"`;
}

/** The parts that there are, as one line. */
export function joined(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(" ");
}
