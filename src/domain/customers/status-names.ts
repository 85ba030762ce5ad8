import { UNREPORTED } from "./customer.ts";

/** The statuses whose API name says too little to people. */
const STATUS_NAMES: ReadonlyMap<string, string> = new Map([
  ["pending_rpl_review", "Compliance review"],
  [UNREPORTED, "Not reported"],
]);

/** `pending_rpl_review` is "Compliance review"; undefined for a status that is read as the API spells it. */
export function statusDisplayName(status: string): string | undefined {
  return STATUS_NAMES.get(status);
}
