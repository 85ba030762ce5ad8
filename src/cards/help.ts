import type { Button, HelpView } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines } from "./elements.ts";
import { plain } from "./plain-text.ts";

interface HelpData {
  readonly title: string;
  readonly lines: readonly { readonly text: string }[];
  /** The first row of buttons, within the card, because Webex draws no more than five below it. */
  readonly hasRow: boolean;
  readonly row: readonly ButtonData[];
  readonly topics: readonly Topic[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly buttons: readonly ButtonData[];
}

interface Topic {
  readonly usage: string;
  readonly does: string;
}

export function helpCard(view: HelpView, detail: DetailLevel): HelpData {
  const { topics, more } = topicsOf(view, detail);
  const { row, rest } = buttonRows(view);
  return {
    title: plain(view.title, 120),
    lines: linesOf(view, detail).map((text) => ({ text })),
    hasRow: row.length > 0,
    row: buttonData(row),
    topics,
    hasMore: more > 0,
    more: `and ${more} more`,
    buttons: buttonData(rest),
  };
}

/** With "More" they are two rows of the same length, which are not broken at the width of a phone. */
function buttonRows({ buttons, more }: HelpView): {
  readonly row: readonly Button[];
  readonly rest: readonly Button[];
} {
  if (more === undefined) return { row: [], rest: buttons };
  const all = [...buttons, more];
  const half = Math.ceil(all.length / 2);
  return { row: all.slice(0, half), rest: all.slice(half) };
}

export function helpText(view: HelpView, detail: DetailLevel): string {
  const { topics, more } = topicsOf(view, detail);
  const { buttons, more: last } = view;
  return [
    plain(view.title, 120),
    ...linesOf(view, detail),
    ...topics.map(({ usage, does }) => `${usage} — ${does}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...commandLines(last === undefined ? buttons : [...buttons, last]),
  ].join("\n");
}

function linesOf({ lines }: HelpView, detail: DetailLevel): readonly string[] {
  return takeFirst(lines, detail.items).shown.map((line) => plain(line, detail.text * 2));
}

function topicsOf(view: HelpView, detail: DetailLevel): { topics: readonly Topic[]; more: number } {
  const { shown, more } = takeFirst(view.topics, detail.items);
  const topics = shown.map(({ usage, does }) => ({
    usage: plain(usage, 200),
    does: plain(does, detail.text),
  }));
  return { topics, more };
}
