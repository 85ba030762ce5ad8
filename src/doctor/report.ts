import { formatCount } from "../domain/views/text.ts";
import type { Result } from "./outcome.ts";

const MARKS = { ok: "✓", failed: "✕", skipped: "–" } as const;

/** The names of checks are at most this long, so that the findings stand below one another. */
const NAME_WIDTH = 16;

/** One line: `✕ Bot token        Webex refused the bot token. → Set WEBEX_BOT_TOKEN to …` */
export function formatResult({ name, outcome }: Result): string {
  const cure = "cure" in outcome && outcome.cure !== undefined ? ` → ${outcome.cure}` : "";
  return `${MARKS[outcome.state]} ${name.padEnd(NAME_WIDTH)} ${outcome.finding}${cure}`;
}

/** The last line. */
export function formatSummary(results: readonly Result[]): string {
  const count = (state: keyof typeof MARKS) => results.filter(({ outcome }) => outcome.state === state).length;
  const skippedCount = count("skipped");
  const rest = skippedCount === 0 ? "" : `, ${skippedCount} not checked`;
  return isWell(results)
    ? `All is well: ${formatCount(count("ok"), "check")}${rest}.`
    : `${count("failed")} failed${rest}.`;
}

/** For programs: the fields of a check are its name, `state` (`ok`, `failed`, `skipped`), `finding`, and a `cure`, if there is one. */
export function formatJson(results: readonly Result[]): string {
  const checks = results.map(({ name, outcome }) => ({ name, ...outcome }));
  return JSON.stringify({ ok: isWell(results), checks }, undefined, 2);
}

export function isWell(results: readonly Result[]): boolean {
  return results.every(({ outcome }) => outcome.state !== "failed");
}
