import { titleOf } from "./names.ts";
import type { Version } from "./room-reader.ts";
import type { TrueItem } from "./truth.ts";

/** `05-01 10:05:12` */
export function timeText(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(5, 19).replace("T", " ") : "now";
}

/** `“✕ Error: …” of 05-01 10:05:12, edited 05-01 10:07:10` */
export function quote({ createdAt, at, isEdit }: Version, line: string): string {
  return `“${line}” of ${timeText(createdAt)}${isEdit ? `, edited ${timeText(at)}` : ""}`;
}

/** `Contoso · Meetings is provisioned since …, before that error since …` */
export function truthText(item: TrueItem, at = Number.POSITIVE_INFINITY): string {
  const stays = item.stays.filter(({ from }) => from <= at).slice(-4);
  const steps = stays.map(({ status, from }) => `${status} from ${timeText(from)}`);
  return `in truth ${titleOf(item)} was ${steps.join(", then ")}`;
}
