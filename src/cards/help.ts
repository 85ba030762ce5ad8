import type { HelpView } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines } from "./elements.ts";
import { plain } from "./plain-text.ts";

interface HelpData {
  readonly title: string;
  readonly intro: string;
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
  return {
    title: plain(view.title, 120),
    intro: plain(view.intro, detail.text * 2),
    topics,
    hasMore: more > 0,
    more: `and ${more} more`,
    buttons: buttonData(view.buttons),
  };
}

export function helpText(view: HelpView, detail: DetailLevel): string {
  const { topics, more } = topicsOf(view, detail);
  return [
    `${plain(view.title, 120)}: ${plain(view.intro, detail.text * 2)}`,
    ...topics.map(({ usage, does }) => `${usage} — ${does}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...commandLines(view.buttons),
  ].join("\n");
}

function topicsOf(view: HelpView, detail: DetailLevel): { topics: readonly Topic[]; more: number } {
  const { shown, more } = takeFirst(view.topics, detail.items);
  const topics = shown.map(({ usage, does }) => ({
    usage: plain(usage, 200),
    does: plain(does, detail.text),
  }));
  return { topics, more };
}
