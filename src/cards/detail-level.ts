/**
 * How much of a view is shown. Cards and texts have a limit of bytes, so a large view is rendered again with less detail
 * until it fits: names get shorter and lists end with "and 3 more".
 */
export interface DetailLevel {
  /** Each row of a list is one line, without the place. */
  readonly shortRows: boolean;
  /** True if a row shows the external id beside a name. */
  readonly ids: boolean;
  /** True if a list has the choice input; without it, `open 16` still works. */
  readonly picker: boolean;
  /** Packages named in one part of a summary. */
  readonly names: number;
  /** Codes shown of one package in a summary. */
  readonly codes: number;
  /** Characters of a name; a UUID has 36. */
  readonly title: number;
  /** Characters of a name in the picker, after the row number. */
  readonly choice: number;
  /** Characters of a sentence. */
  readonly text: number;
  /** Problems shown of one package. */
  readonly problems: number;
  /** Packages, topics, lines or facts shown. */
  readonly items: number;
  /** Bars shown in one section of a summary. */
  readonly bars: number;
  /** Steps of a history, and sub-partners, shown on a card. */
  readonly steps: number;
  /** Alerts listed one by one. */
  readonly alerts: number;
}

const FULL: DetailLevel = {
  shortRows: false,
  ids: true,
  picker: true,
  names: 4,
  codes: 2,
  title: 60,
  choice: 60,
  text: 500,
  problems: 5,
  items: 60,
  bars: 8,
  steps: 30,
  alerts: 30,
};

const SHORT: DetailLevel = {
  ...FULL,
  shortRows: true,
  names: 1,
  codes: 1,
  title: 36,
  choice: 16,
  text: 120,
  problems: 1,
  items: 30,
  bars: 4,
  steps: 15,
};

const SHORTEST: DetailLevel = {
  ...SHORT,
  picker: false,
  ids: false,
  title: 12,
  text: 60,
  items: 8,
  steps: 8,
  alerts: 5,
};

/** From the most detailed to the shortest. */
export const DETAIL_LEVELS: readonly [DetailLevel, ...DetailLevel[]] = [
  FULL,
  { ...FULL, names: 2, title: 40, choice: 40, text: 240, problems: 2, items: 40, bars: 6, steps: 24 },
  SHORT,
  { ...SHORT, picker: false },
  { ...SHORTEST, items: 20, alerts: 15 },
  SHORTEST,
];

/** The first items of a list, and how many that leaves. */
export function takeFirst<T>(items: readonly T[], most: number): { shown: readonly T[]; more: number } {
  return { shown: items.slice(0, most), more: Math.max(0, items.length - most) };
}

/** `Calling, Meetings and 3 more`. */
export function formatList(names: readonly string[], most: number): string {
  const { shown, more } = takeFirst(names, most);
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
