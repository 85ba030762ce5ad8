import type { SnapshotSummary } from "../domain/ports/snapshot.ts";
import { barOf } from "./bars.ts";
import { plain } from "./plain.ts";
import type { Section, SectionRow } from "./section.ts";
import { counted, customerTone, digits, packageName, statusWord, type Tone } from "./words.ts";

const ORDER: readonly Tone[] = ["bad", "warning", "moving", "good", "quiet"];

/** The sections of a summary. */
export function summarySections(summary: SnapshotSummary): readonly Section[] {
  const sections = [
    { title: "By status", rows: statusRows(summary) },
    { title: "By package, of those who have it", rows: packageRows(summary) },
    { title: "By error or warning code", rows: codeRows(summary) },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function statusRows({ byStatus, total }: SnapshotSummary): readonly SectionRow[] {
  const rows = byStatus.map(({ key, customers }): SectionRow => {
    const tone = customerTone(key);
    const bar = barOf([{ tone, count: customers }], total);
    return { label: statusWord(key), tone, bar, number: digits(customers), text: digits(customers) };
  });
  return ORDER.flatMap((tone) => rows.filter((row) => row.tone === tone));
}

/** Those with most in error first, then those with most under way. */
function packageRows({ byPackage }: SnapshotSummary): readonly SectionRow[] {
  return byPackage
    .toSorted((a, b) => b.bad - a.bad || b.moving - a.moving || b.good - a.good)
    .map(({ name, bad, moving, good }) => {
      const counts = [
        { tone: "bad", count: bad, word: "in error" },
        { tone: "moving", count: moving, word: "under way" },
        { tone: "good", count: good, word: "provisioned" },
      ] as const;
      const there = counts.filter(({ count }) => count > 0);
      const whole = bad + moving + good;
      return {
        label: packageName(name),
        tone: there[0]?.tone ?? "quiet",
        bar: barOf(counts, whole),
        number: numberOf(there, whole),
        text: there.map(({ count, word }) => `${digits(count)} ${word}`).join(", ") || "0",
      };
    });
}

/** `12 error of 97`, with a word where the bar would speak by colour alone; `97` where all is well. */
function numberOf(there: readonly { readonly tone: Tone; readonly count: number }[], whole: number): string {
  const words = { bad: "error", moving: "moving" } as const;
  const unwell = there.flatMap(({ tone, count }) =>
    tone === "bad" || tone === "moving" ? [`${digits(count)} ${words[tone]}`] : [],
  );
  return unwell.length === 0 ? digits(whole) : `${unwell.join(", ")} of ${digits(whole)}`;
}

/** Codes are few among many customers: the commonest has the full bar. */
function codeRows({ byCode }: SnapshotSummary): readonly SectionRow[] {
  const most = Math.max(0, ...byCode.map(({ customers }) => customers));
  return byCode.map(({ key, customers }) => ({
    label: plain(key, 20),
    tone: "quiet",
    bar: barOf([{ tone: "quiet", count: customers }], most),
    number: counted(customers, "customer"),
    text: counted(customers, "customer"),
  }));
}
