import { byteLength } from "./json.ts";

/** Invisible, and prevents clients from recognising markup. */
const WORD_JOINER = "\u2060";
const REMOVED_CHARACTERS = /\u2060|[\uFE00-\uFE0F]/g;
/** Control, zero-width, bidirectional and blank characters. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{DI}\u2800]+/gu;

/** Markup of Webex clients, and look-alikes without effect. Native clients show backslashes, so escaping does not work. */
const MARKUP_LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/</g, "‹"],
  [/>/g, "›"],
  [/\*/g, "∗"],
  [/`/g, "ˋ"],
  [/\\/g, "⧵"],
  [/\[/g, "("],
  [/\]/g, ")"],
  [/~(?=~)|(?<=~)~/g, "∼"],
  [/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "＿"],
  [/(?<=[{$])\{/g, `${WORD_JOINER}{`],
  [/\)(?=[-+\d])/g, `)${WORD_JOINER}`],
  [/^(?=[-+#=|])/, WORD_JOINER],
  [/^(\d+)(?=[.)])/, `$1${WORD_JOINER}`],
  [/&(?=#?\w{1,32};)/g, `&${WORD_JOINER}`],
  // A customer may be called "undefined"; the linter must not report it as a missing value.
  [/(?<![\w/+=-])(u(?=ndefined(?![\w/+=-]))|N(?=aN(?![\w/+=-])))/g, `$1${WORD_JOINER}`],
];

/** Finds a text that at least one of them changes: few texts do, and each pattern alone costs as much as this one. */
const HAS_LOOKALIKE = new RegExp(MARKUP_LOOKALIKES.map(([active]) => active.source).join("|"), "u");

/**
 * A foreign text as one line of at most `max` characters that no client reads as markup, a mention or a formula.
 * Not for URLs, nor for the `data` of a button.
 */
export function plain(text: string, max: number): string {
  const line = shorten(text.replace(REMOVED_CHARACTERS, "").normalize("NFC").replace(INVISIBLE, " ").trim(), max);
  if (!HAS_LOOKALIKE.test(line)) return line;
  return MARKUP_LOOKALIKES.reduce((safe, [active, inert]) => safe.replace(active, inert), line);
}

/** Characters of a bold word that fit on a phone. */
const WORD = 32;
const LONG_WORD = /[^\s-]{33,}/gu;
const WORD_PIECE = /.{16}(?=.)/gsu;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A foreign piece of a line. A mark after right-to-left writing keeps it from reordering the rest of the line. */
export function inLine(text: string, max: number): string {
  const piece = plain(text, max);
  return RIGHT_TO_LEFT.test(piece) ? `${piece}\u200e` : piece;
}

/** Base64 and UUIDs contain no markup. */
const OPAQUE = /^[A-Za-z0-9+/=_-]{1,256}$/;

/** An id to copy: unchanged where that is safe, otherwise `plain`. */
export function exactId(id: string): string {
  return OPAQUE.test(id) && id !== "undefined" && id !== "NaN" ? id : plain(id, 256);
}

/** Shortens words that are too long for a phone, because some clients do not wrap a run of text within a word. */
export function shortenWords(text: string): string {
  return text.replace(LONG_WORD, (word) => shorten(word, WORD).replace(WORD_PIECE, "$&\u200b"));
}

/** Gives long words invisible places to break, for texts that must stay whole. */
export function withBreakPoints(text: string): string {
  return text.replace(LONG_WORD, (word) => word.replace(WORD_PIECE, "$&\u200b"));
}

/** Cuts at the end of a line, never inside a character, and adds how much was left out. */
export function fitBytes(text: string, max: number): string {
  if (byteLength(text) <= max) return text;
  const lines = text.split("\n");
  const available = max - byteLength(leftOut(text.length, "characters")) - 1;
  const kept = lines.slice(0, countFitting(lines, available, "\n"));
  if (kept.length > 0) return [...kept, leftOut(lines.length - kept.length, "lines")].join("\n");
  const points = Array.from(text);
  const start = points.slice(0, countFitting(points, available, ""));
  return `${start.join("")}\n${leftOut(points.length - start.length, "characters")}`;
}

function leftOut(count: number, unit: "lines" | "characters"): string {
  return `… ${count} more ${unit} left out`;
}

function countFitting(pieces: readonly string[], max: number, glue: string): number {
  let used = 0;
  const first = pieces.findIndex((piece) => {
    used += byteLength(piece) + glue.length;
    return used > max;
  });
  return first === -1 ? pieces.length : first;
}

function shorten(line: string, max: number): string {
  // A character is one or two units of `length`.
  if (line.length <= max) return line;
  const points = Array.from(line);
  if (points.length <= max) return line;
  return `${points
    .slice(0, max - 1)
    .join("")
    .trimEnd()}…`;
}
