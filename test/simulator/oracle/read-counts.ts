/** The numbers of messages that name few items or none. */

export interface StormCounts {
  /** Packages and customers since the storm began. */
  readonly told: number;
  readonly customers: number;
  /** How many are still in error. */
  readonly open: number;
  readonly acknowledged: number;
  readonly flapping: number;
  /** The codes of those that are still in error, the most frequent ones. */
  readonly codes: readonly string[];
  readonly byPackage: readonly { readonly item: string; readonly count: number }[];
  readonly worst: readonly { readonly customer: string; readonly items: readonly string[] }[];
}

export interface BaselineCounts {
  readonly customers: number;
  readonly inError: number;
  readonly flapping: number;
}

const countIn = (text: string, pattern: RegExp): number => Number((pattern.exec(text)?.[1] ?? "0").replaceAll(",", ""));

/** `Watching 250 customers`, `7 packages already in error.` */
export function readBaseline(head: string, rest: readonly string[]): BaselineCounts {
  const counts = rest.find((line) => / already |^[\d,]+ packages? flapping\.$/.test(line)) ?? "";
  return {
    customers: countIn(head, /Watching ([\d,]+)/),
    inError: countIn(counts, /([\d,]+) packages? already in error/),
    flapping: countIn(counts, /([\d,]+) (?:packages? )?flapping/),
  };
}

/** `✕ Storm: 25 packages of 25 customers in error since 23 Nov, 14:58 UTC, common cause: code 2560 · 20 still in error` */
export function readStorm(head: string, rest: readonly string[]): StormCounts {
  const sections = sectionsOf(rest);
  return {
    told: countIn(head, /([\d,]+) packages? of /),
    customers: countIn(head, / of ([\d,]+) customers?/),
    open: countIn(head, / · ([\d,]+) still /),
    acknowledged: countIn(head, / · ([\d,]+) acknowledged/),
    flapping: countIn(head, / · ([\d,]+) flapping/),
    codes: (sections.get("code") ?? []).flatMap((line) => /^(?:[✕!…✓] )?(\d+): /.exec(line)?.[1] ?? []),
    byPackage: (sections.get("package") ?? []).flatMap((line) => {
      const [, item, count = "0"] = /^(?:[✕!…✓] )?(.+): ([\d,]+)$/.exec(line) ?? [];
      return item === undefined ? [] : [{ item, count: Number(count.replaceAll(",", "")) }];
    }),
    worst: (sections.get("worst") ?? []).flatMap((line) => worstOf(line)),
  };
}

const TITLES: readonly (readonly [RegExp, string])[] = [
  [/^Still .*, by package$/, "package"],
  [/^Still .*, by code$/, "code"],
  [/^Most affected$/, "worst"],
  [/^(?:Show all|Show errors|Acknowledge (?:all|these)|Ack all)[^:]*: /, "buttons"],
];

function sectionsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const name = TITLES.find(([pattern]) => pattern.test(line))?.[1];
    if (name === undefined) current.push(line);
    else {
      current = [];
      sections.set(name, current);
    }
  }
  return sections;
}

/** `Contoso Health: Calling, Meetings and 2 more · codes 2560, 10022` */
function worstOf(line: string): StormCounts["worst"] {
  const at = line.lastIndexOf(": ");
  if (at === -1) return [];
  const items = line.slice(at + 2).replace(/ · codes? .*$/, "");
  return [
    {
      customer: line.slice(0, at),
      items: items.replace(/ and [\d,]+ more$/, "").split(", "),
    },
  ];
}
