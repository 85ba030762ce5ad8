import type { NoticeView } from "../domain/replies/views.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import { type Detail, firstOf } from "./detail.ts";
import { plain } from "./plain.ts";
import { COLOURS, GLYPHS, hasLetters, joined } from "./words.ts";

interface NoticeData {
  readonly title: string;
  readonly color: string;
  readonly lines: readonly { readonly text: string }[];
  readonly hasFacts: boolean;
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  readonly buttons: readonly Press[];
}

const TONES = {
  info: { glyph: "", word: "Note", color: "default" },
  warning: { glyph: GLYPHS.warning, word: "Warning", color: COLOURS.warning },
  failure: { glyph: GLYPHS.bad, word: "Error", color: COLOURS.bad },
} as const;

export function noticeCard(view: NoticeView, detail: Detail): NoticeData {
  const facts = factsOf(view, detail);
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
    ...factsOf(view, detail).map(({ title, value }) => `${title}: ${value}`),
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

function factsOf({ facts }: NoticeView, detail: Detail): NoticeData["facts"] {
  const { shown, more } = firstOf(facts, detail.items);
  const plainFacts = shown.map(({ title, value }) => ({
    title: plain(title, 60),
    value: plain(value, detail.text) || "–",
  }));
  return more > 0 ? [...plainFacts, { title: "and", value: `${more} more` }] : plainFacts;
}
