import type { Alert } from "../domain/alerts/alert.ts";
import type { Problem } from "../domain/customers/customer.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import { durationText, type StatusLabel } from "./alert-words.ts";
import { type DetailLevel, formatList, takeFirst } from "./detail.ts";
import { itemName, itemsOf } from "./items.ts";
import { inLine } from "./plain.ts";
import { problemCodes } from "./problems.ts";
import { joinNonEmpty, nameOf, withGlyph } from "./words.ts";

/** What a line may leave out because it stands above it, and how it says since when. */
export interface LineContext {
  readonly shownCodes: ReadonlySet<string>;
  /** Empty where the line needs none. */
  readonly since: (alert: Alert) => string;
}

/** `✕ Error: Contoso Health · Meetings · code 200016 · since 23 Nov, 14:58 UTC · alert 1042`: enough on a locked phone. */
export function alertLine(
  alert: Alert,
  { standing, around, detail }: { standing: StatusLabel; around: LineContext; detail: DetailLevel },
): string {
  const who = [nameOf(alert.subject, detail.title), itemName(alert.key.item)];
  const what = [...who, ...lineDetails(alert, around, detail), `alert ${alert.id}`];
  return `${withGlyph(standing.tone, standing.word)}: ${joinNonEmpty(what, " · ")}`;
}

/** What a row says after its status: codes and since when while it is open, how long it took when it is over, who has it. */
export function lineDetails(
  alert: Alert,
  { shownCodes, since }: LineContext,
  detail: DetailLevel,
): readonly string[] {
  const isOver = alert.state === "closed";
  return [
    isOver
      ? ""
      : codesText(
          codesOfAlert(alert).filter((code) => !shownCodes.has(code)),
          detail.codes,
        ),
    isOver ? durationText(alert) : since(alert),
    acknowledgedBy(alert, detail),
  ].filter((piece) => piece !== "");
}

/** `code 2560`, `codes 2560, 10022 and 1 more`. */
export function codesText(codes: readonly string[], most: number): string {
  return codes.length === 0 ? "" : `code${codes.length === 1 ? "" : "s"} ${formatList(codes, most)}`;
}

export function codesOfAlert(alert: Alert): readonly string[] {
  return problemCodes(reasonsOf(alert));
}

/** Why it is bad: what was said of the item, then of its customer, and each reason once (ALERTS 3). */
export function reasonsOf({ key, subject }: Alert): readonly Problem[] {
  const item = itemsOf(subject).find((one) => one.key === key.item);
  const reasons = [...(item?.problems ?? []), ...subject.problems];
  const same = (one: Problem, other: Problem) => one.code === other.code && one.text === other.text;
  return reasons.filter((one, i) => reasons.findIndex((other) => same(one, other)) === i);
}

/** The status in which it was seen bad last. */
export function badStatusOf({ key, subject }: Alert): string | undefined {
  if (key.item === CUSTOMER_ITEM) return subject.status;
  return itemsOf(subject).find((one) => one.key === key.item)?.status;
}

export function acknowledgedBy({ ack }: Alert, { shortRows }: DetailLevel): string {
  return ack === undefined ? "" : `taken by ${inLine(ack.name, shortRows ? 20 : 40) || "somebody"}`;
}

/** `Acme, Contoso Health and 2 more`: each customer once. */
export function customerNames(alerts: readonly Alert[], hasMore: boolean, detail: DetailLevel): string {
  const names = [...new Set(alerts.map(({ subject }) => nameOf(subject, detail.title)))];
  return hasMore ? `${takeFirst(names, 2).shown.join(", ")} and others` : formatList(names, 2);
}
