import type { Alert, AlertKey } from "../alerts/alert.ts";
import { titleOf } from "../customers/customer.ts";
import { addOnDisplayName, packageDisplayName } from "../customers/package-names.ts";
import { CUSTOMER_ITEM, itemOf } from "../customers/record.ts";

interface TitledAlert extends Pick<Alert, "subject"> {
  readonly key: Pick<AlertKey, "item">;
}

/** `Contoso · Meetings`: what an alert is about, in a line or on a button. */
export function alertTitle({ subject, key }: TitledAlert): string {
  return `${titleOf(subject)} · ${itemTitle(key.item)}`;
}

/** What people call an item; one that nobody has a name for by the API's. */
function itemTitle(item: string): string {
  if (item === CUSTOMER_ITEM) return "customer";
  const { name, isAddOn } = itemOf(item);
  return isAddOn ? `${addOnDisplayName(name) ?? name} add-on` : (packageDisplayName(name) ?? name);
}

/** `alert 1042: Contoso · Meetings` */
export function numberedAlertTitle(alert: Pick<Alert, "id" | "subject" | "key">): string {
  return `alert ${alert.id}: ${alertTitle(alert)}`;
}
