/**
 * A time within a text. Whose clock it is written in is known only when the text is rendered (`writeTimes`): on a card that of the
 * reader's client, in a plain text that of the space.
 */
export type TimeForm = "time" | "day and time" | "day with year and time";

const FORMS = { t: "time", d: "day and time", y: "day with year and time" } as const satisfies Record<string, TimeForm>;

/** Characters of no script, which no client shows. */
const [OPEN, CLOSE] = ["\ue000", "\ue001"];

export function markTime(at: number, form: TimeForm): string {
  const letter = form === "time" ? "t" : form === "day and time" ? "d" : "y";
  return `${OPEN}${letter}${Math.floor(at / 1000).toString(36)}${CLOSE}`;
}

/** @param isSpan another time follows behind a dash, so that the zone is named only once */
export type WriteTime = (at: number, form: TimeForm, isSpan: boolean) => string;

const MARK = /\ue000([tdy])(-?[0-9a-z]{1,9})\ue001(?=(\u2013\ue000)?)/g;
/** A text that was shortened within a mark. */
const BROKEN = /\ue000[-0-9a-z]*\u2026?/g;

/** The text with every time in it written by this clock. */
export function writeTimes(text: string, write: WriteTime): string {
  if (!text.includes(OPEN)) return text;
  return text
    .replace(MARK, (_, letter: keyof typeof FORMS, seconds: string, dash?: string) =>
      write(Number.parseInt(seconds, 36) * 1000, FORMS[letter], dash !== undefined),
    )
    .replace(BROKEN, "\u2026");
}

/** Clients show these in the reader's time zone and language. */
export const READERS_CLOCK: WriteTime = (at, form) => {
  const iso = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  return form === "time" ? `{{TIME(${iso})}}` : `{{DATE(${iso}, SHORT)}} {{TIME(${iso})}}`;
};

export const UTC = "UTC";

/** By zone: an `Intl.DateTimeFormat` takes longer to make than a card to fill in. There are some hundred zones. */
const CLOCKS = new Map<string, WriteTime>();

/** `15:02 UTC`, `23 Nov, 15:02 UTC`, `23 Nov 2025, 15:02 UTC`; with another zone by its clock: `16:02 CET`. */
export function clockOf(zone: string): WriteTime {
  const known = CLOCKS.get(zone) ?? createClock(zone);
  CLOCKS.set(zone, known);
  return known;
}

function createClock(zone: string): WriteTime {
  const options = { timeZone: zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" } as const;
  const time = new Intl.DateTimeFormat("en-GB", options);
  const named = new Intl.DateTimeFormat("en-GB", { ...options, timeZoneName: "short" });
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" });
  const year = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric" });
  return (at, form, isSpan) => {
    const clock = isSpan ? time.format(at) : named.format(at);
    if (form === "time") return clock;
    const date = form === "day and time" ? day.format(at) : `${day.format(at)} ${year.format(at)}`;
    return `${date}, ${clock}`;
  };
}
