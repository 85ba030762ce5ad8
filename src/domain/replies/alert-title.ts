import type { Alert } from "../alerts/alert.ts";
import { titleOf } from "../customers/customer.ts";
import { WHOLE } from "../customers/record.ts";

/** `Contoso · webex_meetings`: what an alert is about, in a line or on a button. */
export function aboutOf({ subject, key }: Pick<Alert, "subject" | "key">): string {
  return `${titleOf(subject)} · ${key.item === WHOLE ? "customer" : key.item}`;
}

/** `alert 1042: Contoso · webex_meetings` */
export function numbered(alert: Pick<Alert, "id" | "subject" | "key">): string {
  return `alert ${alert.id}: ${aboutOf(alert)}`;
}
