import type { Alert, AlertKey } from "../alerts/alert.ts";
import { titleOf } from "../customers/customer.ts";
import { addOnNamed, packageNamed } from "../customers/package-names.ts";
import { itemOf, WHOLE } from "../customers/record.ts";

interface About extends Pick<Alert, "subject"> {
  readonly key: Pick<AlertKey, "item">;
}

/** `Contoso · Meetings`: what an alert is about, in a line or on a button. */
export function aboutOf({ subject, key }: About): string {
  return `${titleOf(subject)} · ${itemTitle(key.item)}`;
}

/** What people call an item; one that nobody has a name for by the API's. */
function itemTitle(item: string): string {
  if (item === WHOLE) return "customer";
  const { name, isAddOn } = itemOf(item);
  return isAddOn ? `${addOnNamed(name) ?? name} add-on` : (packageNamed(name) ?? name);
}

/** `alert 1042: Contoso · Meetings` */
export function numbered(alert: Pick<Alert, "id" | "subject" | "key">): string {
  return `alert ${alert.id}: ${aboutOf(alert)}`;
}
