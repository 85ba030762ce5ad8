import { byteLength } from "./json.ts";

/** Seen by no reader, and enough to keep a client from finding markup: what follows is the same word. */
const WORD_JOINER = "\u2060";
const REMOVED_CHARACTERS = /\u2060|[\uFE00-\uFE0F]/g;
/** Control, zero-width, bidirectional and blank characters, whatever their kind. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{DI}\u2800]+/gu;

/**
 * Markup that Webex clients act on, and the look-alike that they leave alone. Backslashes would not do:
 * native clients show them (research: the compiled parser of the macOS, Windows and phone apps).
 */
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
  // A customer may really be called "undefined"; the linter must not take it for a fault of ours.
  [/(?<![\w/+=-])(u(?=ndefined(?![\w/+=-]))|N(?=aN(?![\w/+=-])))/g, `$1${WORD_JOINER}`],
];

/**
 * A foreign text as one line that no client reads as markup, a mention or a formula, at most `max` characters long.
 * For people to read: never for URLs or for the `data` of a button.
 */
export function plain(text: string, max: number): string {
  const line = text.replace(REMOVED_CHARACTERS, "").normalize("NFC").replace(INVISIBLE, " ").trim();
  return MARKUP_LOOKALIKES.reduce((safe, [active, inert]) => safe.replace(active, inert), shorten(line, max));
}

/** Characters of a word that fit on a phone, in bold. */
const WORD = 32;
const LONG_WORD = /[^\s-]{33,}/gu;
const WORD_PIECE = /.{16}(?=.)/gsu;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A foreign piece of a line: right-to-left writing keeps its own order, and does not change that of what follows. */
export function inLine(text: string, max: number): string {
  const piece = plain(text, max);
  return RIGHT_TO_LEFT.test(piece) ? `${piece}\u200e` : piece;
}

/** The alphabets of base64 and UUIDs hold nothing that a client acts on. */
const OPAQUE = /^[A-Za-z0-9+/=_-]{1,256}$/;

/** An id that people will copy: untouched where that is safe, else as `plain` as any text. */
export function exactId(id: string): string {
  return OPAQUE.test(id) && id !== "undefined" && id !== "NaN" ? id : plain(id, 256);
}

/** Runs of text are not wrapped within a word by every client: a word too long for a phone is cut, and may break. */
export function shortenWords(text: string): string {
  return text.replace(LONG_WORD, (word) => shorten(word, WORD).replace(WORD_PIECE, "$&\u200b"));
}

/** The same for texts that must be whole: a long word gets places to break, which nobody sees. */
export function withBreakPoints(text: string): string {
  return text.replace(LONG_WORD, (word) => word.replace(WORD_PIECE, "$&\u200b"));
}

/** Cuts at the end of a line, never inside a character, and says how much was left out. */
export function fitBytes(text: string, max: number): string {
  if (byteLength(text) <= max) return text;
  const lines = text.split("\n");
  const room = max - byteLength(leftOut(text.length, "characters")) - 1;
  const kept = lines.slice(0, countFitting(lines, room, "\n"));
  if (kept.length > 0) return [...kept, leftOut(lines.length - kept.length, "lines")].join("\n");
  const points = Array.from(text);
  const start = points.slice(0, countFitting(points, room, ""));
  return `${start.join("")}\n${leftOut(points.length - start.length, "characters")}`;
}

function leftOut(count: number, what: "lines" | "characters"): string {
  return `… ${count} more ${what} left out`;
}

function countFitting(pieces: readonly string[], room: number, glue: string): number {
  let used = 0;
  const first = pieces.findIndex((piece) => {
    used += byteLength(piece) + glue.length;
    return used > room;
  });
  return first === -1 ? pieces.length : first;
}

function shorten(line: string, max: number): string {
  const points = Array.from(line);
  if (points.length <= max) return line;
  return `${points
    .slice(0, max - 1)
    .join("")
    .trimEnd()}…`;
}
