import type { FindView } from "../domain/views/views.ts";
import type { DetailLevel } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines } from "./elements.ts";
import { plain } from "./plain-text.ts";
import { statusWord } from "./words.ts";

/** Page sizes that the form offers, besides the present one. */
const SIZES = [5, 10, 20, 50];

interface FindData {
  readonly notes: readonly { readonly text: string }[];
  readonly externalId: string;
  readonly orgId: string;
  readonly statuses: readonly Choice[];
  readonly chosen: string;
  readonly sizes: readonly Choice[];
  readonly max: string;
  readonly buttons: readonly ButtonData[];
}

interface Choice {
  readonly title: string;
  readonly value: string;
}

/** Ids in the inputs stay as they were typed, without `plain`. */
export function findCard(view: FindView, detail: DetailLevel): FindData {
  const sizes = [...new Set([...SIZES, view.max])].sort((a, b) => a - b);
  return {
    notes: view.notes.map((note) => ({ text: plain(note, detail.text) })),
    externalId: view.externalId,
    orgId: view.orgId,
    statuses: view.statuses.map((status) => ({ title: statusWord(status), value: status })),
    chosen: view.chosen.join(","),
    sizes: sizes.map((size) => ({ title: String(size), value: String(size) })),
    max: String(view.max),
    buttons: buttonData(view.buttons),
  };
}

export function findText(view: FindView, detail: DetailLevel): string {
  const statuses = view.statuses.map((status) => plain(status, 40)).join(", ");
  return [
    "Find customers: type “customers” and conditions, for example: customers status=error max=20",
    ...view.notes.map((note) => plain(note, detail.text)),
    "externalId= the External ID",
    "orgId= the Organisation ID",
    `status= any of ${statuses}`,
    "max= rows on a page, 1 to 50",
    ...commandLines(view.buttons),
  ].join("\n");
}
