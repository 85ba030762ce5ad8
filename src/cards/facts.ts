import { type DetailLevel, takeFirst } from "./detail.ts";
import { plain, withBreakPoints } from "./plain.ts";

/** A line of a set of facts. */
export interface Fact {
  readonly title: string;
  readonly value: string;
}

/** The first facts that there is room for, as clients may draw them. */
export function factsOf(facts: readonly Fact[], detail: DetailLevel): readonly Fact[] {
  const { shown, more } = takeFirst(facts, detail.items);
  const plainFacts = shown.map(({ title, value }) => ({
    title: plain(title, 60),
    value: withBreakPoints(plain(value, detail.text)) || "–",
  }));
  return more > 0 ? [...plainFacts, { title: "and", value: `${more} more` }] : plainFacts;
}

export function factLines(facts: readonly Fact[]): readonly string[] {
  return facts.map(({ title, value }) => `${title}: ${value.replaceAll("\u200b", "")}`);
}
