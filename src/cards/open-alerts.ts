import type { CustomerView } from "../domain/views/views.ts";
import { acknowledgedBy } from "./alert-line.ts";
import { statusLabelOf } from "./alert-words.ts";
import { type DetailLevel, takeFirst } from "./detail.ts";
import { madeAt } from "./freshness.ts";
import { itemName } from "./items.ts";
import { formatWhen, type TimeFormat } from "./times.ts";
import { joinNonEmpty, withGlyph } from "./words.ts";

/** `1042 ✕ Error: Calling, seen since 14:58 UTC, taken by Ana`: the open alerts of one customer, a line each. */
export function openAlertLines(
  { alerts, freshness }: CustomerView,
  times: TimeFormat,
  detail: DetailLevel,
): readonly string[] {
  const { shown, more } = takeFirst(alerts, detail.alerts);
  const lines = shown.map((alert) => {
    const { tone, word } = statusLabelOf(alert, madeAt(freshness));
    const since = formatWhen(alert.openedAt, madeAt(freshness), times);
    const what = [itemName(alert.key.item), `seen since ${since}`, acknowledgedBy(alert, detail)];
    return `${alert.id} ${withGlyph(tone, word)}: ${joinNonEmpty(what, ", ")}`;
  });
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}
