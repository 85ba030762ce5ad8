/** `HH:MM` as it was found among words, and the words that are left. */
export interface TimeMatch {
  /** Absent when what begins like a time is none, such as `25:00`. */
  readonly time?: string;
  readonly text: string;
  readonly others: readonly string[];
}

const TIME = /^(\d{1,2})(?:[:.h]?(\d\d))?(?:h|uhr)?([ap]\.?m)?$/i;
const HALF_DAY = /^[ap]\.?m$/i;

/** The first word that begins like a time of day: `9`, `9:30`, `0930`, `9.30pm`, `9 am`. */
export function findTime(words: readonly string[]): TimeMatch | undefined {
  const at = words.findIndex((word) => /^\d/.test(word));
  const [word, next = ""] = words.slice(at, at + 2);
  if (at < 0 || word === undefined) return undefined;
  const taken = HALF_DAY.test(next) ? 2 : 1;
  const text = taken === 2 ? `${word}${next}` : word;
  const time = parseTimeOfDay(text);
  return { text, others: words.toSpliced(at, taken), ...(time !== undefined && { time }) };
}

function parseTimeOfDay(text: string): string | undefined {
  const [, digits, minutes = "00", half = ""] = TIME.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const hours = hoursOf(Number(digits), half.charAt(0).toLowerCase());
  if (hours === undefined || Number(minutes) > 59) return undefined;
  return `${String(hours).padStart(2, "0")}:${minutes}`;
}

/** Twelve o'clock is the beginning of either half of a day. */
function hoursOf(hours: number, half: string): number | undefined {
  if (half === "") return hours <= 23 ? hours : undefined;
  if (hours < 1 || hours > 12) return undefined;
  return (hours % 12) + (half === "p" ? 12 : 0);
}
