import type { NoticeView } from "../domain/replies/views.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import { type Detail, firstOf } from "./detail.ts";
import { type Fact, factLines, factsOf } from "./facts.ts";
import { plain } from "./plain.ts";
import { COLOURS, GLYPHS, hasLetters, joined } from "./words.ts";

interface NoticeData {
  readonly title: string;
  readonly color: string;
  readonly lines: readonly { readonly text: string }[];
  readonly hasFacts: boolean;
  readonly facts: readonly Fact[];
  readonly buttons: readonly Press[];
}

const TONES = {
  info: { glyph: "", word: "Note", color: "default" },
  warning: { glyph: GLYPHS.warning, word: "Warning", color: COLOURS.warning },
  failure: { glyph: GLYPHS.bad, word: "Error", color: COLOURS.bad },
} as const;

export function noticeCard(view: NoticeView, detail: Detail): NoticeData {
  const facts = factsOf(view.facts, detail);
  return {
    title: titleOf(view),
    color: TONES[view.tone].color,
    lines: linesOf(view, detail).map((text) => ({ text })),
    hasFacts: facts.length > 0,
    facts,
    buttons: pressesOf(view.buttons),
  };
}

export function noticeText(view: NoticeView, detail: Detail): string {
  return [
    titleOf(view),
    ...linesOf(view, detail),
    ...factLines(factsOf(view.facts, detail)),
    ...typedLines(view.buttons),
  ].join("\n");
}

/** A title that is no word, such as "404", gets one: neither a glyph nor a colour says anything by itself. */
function titleOf({ tone, title }: NoticeView): string {
  const { glyph, word } = TONES[tone];
  const said = plain(title, 200);
  return joined([glyph, hasLetters(said) ? "" : word, said], " ");
}

function linesOf({ lines }: NoticeView, detail: Detail): readonly string[] {
  const { shown, more } = firstOf(lines, detail.items);
  return [
    ...shown.map((line) => plain(line, detail.text * 2)),
    ...(more > 0 ? [`and ${more} more lines`] : []),
  ];
}
