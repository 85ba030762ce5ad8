import type { Alert } from "../domain/alerts/alert.ts";
import type { Problem } from "../domain/customers/customer.ts";
import { WHOLE } from "../domain/customers/record.ts";
import { lasted, type Standing } from "./alert-words.ts";
import { type Detail, firstOf, listed } from "./detail.ts";
import { itemName, itemsOf } from "./items.ts";
import { inLine } from "./plain.ts";
import { codesOf } from "./problems.ts";
import { glyphed, joined, nameOf } from "./words.ts";

/** What a line may leave out because it stands above it, and how it says since when. */
export interface Around {
  readonly saidCodes: ReadonlySet<string>;
  /** Empty where the line needs none. */
  readonly since: (alert: Alert) => string;
}

/** `✕ Error: Contoso Health · Meetings · code 200016 · since 23 Nov, 14:58 UTC · alert 1042`: enough on a locked phone. */
export function alertLine(
  alert: Alert,
  { standing, around, detail }: { standing: Standing; around: Around; detail: Detail },
): string {
  const who = [nameOf(alert.subject, detail.title), itemName(alert.key.item)];
  const what = [...who, ...detailsOf(alert, around, detail), `alert ${alert.id}`];
  return `${glyphed(standing.tone, standing.word)}: ${joined(what, " · ")}`;
}

/** What a row says after its status: codes and since when while it is open, how long it took when it is over, who has it. */
export function detailsOf(alert: Alert, { saidCodes, since }: Around, detail: Detail): readonly string[] {
  const isOver = alert.state === "closed";
  return [
    isOver
      ? ""
      : codeWords(
          codesOfAlert(alert).filter((code) => !saidCodes.has(code)),
          detail.codes,
        ),
    isOver ? lasted(alert) : since(alert),
    takenBy(alert, detail),
  ].filter((piece) => piece !== "");
}

/** `code 2560`, `codes 2560, 10022 and 1 more`. */
export function codeWords(codes: readonly string[], most: number): string {
  return codes.length === 0 ? "" : `code${codes.length === 1 ? "" : "s"} ${listed(codes, most)}`;
}

export function codesOfAlert(alert: Alert): readonly string[] {
  return codesOf(reasonsOf(alert));
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
  if (key.item === WHOLE) return subject.status;
  return itemsOf(subject).find((one) => one.key === key.item)?.status;
}

export function takenBy({ ack }: Alert, { shortRows }: Detail): string {
  return ack === undefined ? "" : `taken by ${inLine(ack.name, shortRows ? 20 : 40) || "somebody"}`;
}

/** `Acme, Contoso Health and 2 more`: each customer once. */
export function namesOf(alerts: readonly Alert[], hasMore: boolean, detail: Detail): string {
  const names = [...new Set(alerts.map(({ subject }) => nameOf(subject, detail.title)))];
  return hasMore ? `${firstOf(names, 2).shown.join(", ")} and others` : listed(names, 2);
}
