import type { Alert } from "../alerts/alert.ts";
import { titleOf } from "../customers/customer.ts";
import { addOnNamed, packageNamed } from "../customers/package-names.ts";
import { WHOLE } from "../customers/record.ts";

/** `Contoso · Meetings`: what an alert is about, in a line or on a button. */
export function aboutOf({ subject, key }: Pick<Alert, "subject" | "key">): string {
  return `${titleOf(subject)} · ${itemTitle(key.item)}`;
}

/** What people call an item; one that nobody has a name for by the API's. */
function itemTitle(item: string): string {
  if (item === WHOLE) return "customer";
  const [, addOn] = /^addon:(.*)$/s.exec(item) ?? [];
  return addOn === undefined ? (packageNamed(item) ?? item) : `${addOnNamed(addOn) ?? addOn} add-on`;
}

/** `alert 1042: Contoso · Meetings` */
export function numbered(alert: Pick<Alert, "id" | "subject" | "key">): string {
  return `alert ${alert.id}: ${aboutOf(alert)}`;
}
