import type { NoticeView } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, type Fact, factLines, factsOf } from "./elements.ts";
import { plain } from "./plain-text.ts";
import { COLOURS, GLYPHS, hasLetters, joinNonEmpty } from "./words.ts";

interface NoticeData {
  readonly title: string;
  readonly color: string;
  readonly lines: readonly { readonly text: string }[];
  readonly hasFacts: boolean;
  readonly facts: readonly Fact[];
  readonly buttons: readonly ButtonData[];
}

const TONES = {
  info: { glyph: "", word: "Note", color: "default" },
  warning: { glyph: GLYPHS.warning, word: "Warning", color: COLOURS.warning },
  failure: { glyph: GLYPHS.bad, word: "Error", color: COLOURS.bad },
} as const;

export function noticeCard(view: NoticeView, detail: DetailLevel): NoticeData {
  const facts = factsOf(view.facts, detail);
  return {
    title: titleOf(view),
    color: TONES[view.tone].color,
    lines: linesOf(view, detail).map((text) => ({ text })),
    hasFacts: facts.length > 0,
    facts,
    buttons: buttonData(view.buttons),
  };
}

export function noticeText(view: NoticeView, detail: DetailLevel): string {
  return [
    titleOf(view),
    ...linesOf(view, detail),
    ...factLines(factsOf(view.facts, detail)),
    ...commandLines(view.buttons),
  ].join("\n");
}

/** A title without letters, such as "404", gets a word: a glyph and a colour need one. */
function titleOf({ tone, title }: NoticeView): string {
  const { glyph, word } = TONES[tone];
  const text = plain(title, 200);
  return joinNonEmpty([glyph, hasLetters(text) ? "" : word, text], " ");
}

function linesOf({ lines }: NoticeView, detail: DetailLevel): readonly string[] {
  const { shown, more } = takeFirst(lines, detail.items);
  return [...shown.map((line) => plain(line, detail.text * 2)), ...(more > 0 ? [`and ${more} more lines`] : [])];
}
