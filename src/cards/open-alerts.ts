import type { CustomerView } from "../domain/replies/views.ts";
import { takenBy } from "./alert-line.ts";
import { standingOf } from "./alert-words.ts";
import { type Detail, firstOf } from "./detail.ts";
import { madeAt } from "./freshness.ts";
import { itemName } from "./items.ts";
import { type Times, whenOf } from "./times.ts";
import { glyphed, joined } from "./words.ts";

/** `1042 ✕ Error: Calling, seen since 14:58 UTC, taken by Ana`: the open alerts of one customer, a line each. */
export function openAlertLines(
  { alerts, freshness }: CustomerView,
  times: Times,
  detail: Detail,
): readonly string[] {
  const { shown, more } = firstOf(alerts, detail.alerts);
  const lines = shown.map((alert) => {
    const { tone, word } = standingOf(alert, madeAt(freshness));
    const since = whenOf(alert.openedAt, madeAt(freshness), times);
    const what = [itemName(alert.key.item), `seen since ${since}`, takenBy(alert, detail)];
    return `${alert.id} ${glyphed(tone, word)}: ${joined(what, ", ")}`;
  });
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}
