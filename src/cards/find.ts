import { PROBLEM_STATUSES } from "../domain/customers/customer.ts";
import type { FindView } from "../domain/views/views.ts";
import type { DetailLevel } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines } from "./elements.ts";
import { plain } from "./plain-text.ts";
import { packageName, statusWord } from "./words.ts";

/** Page sizes that the form offers, besides the present one. */
const SIZES = [5, 10, 20, 50];

interface FindData {
  readonly notes: readonly { readonly text: string }[];
  readonly text: string;
  readonly statuses: readonly Choice[];
  readonly status: string;
  readonly packages: readonly Choice[];
  readonly package: string;
  readonly code: string;
  readonly country: string;
  readonly inErrorOnly: string;
  readonly showsIds: boolean;
  readonly externalId: string;
  readonly orgId: string;
  readonly sizes: readonly Choice[];
  readonly max: string;
  readonly buttons: readonly ButtonData[];
}

interface Choice {
  readonly title: string;
  readonly value: string;
}

/** The value of a choice that asks for nothing: a choice needs one. */
const ANY = "*";

/** Texts in the inputs stay as they were typed, without `plain`. */
export function findCard(view: FindView, detail: DetailLevel): FindData {
  const sizes = [...new Set([...SIZES, view.max])].sort((a, b) => a - b);
  return {
    notes: view.notes.map((note) => ({ text: plain(note, detail.text) })),
    text: view.text,
    statuses: choices(view.statuses, statusesTitle),
    status: view.status.join() || ANY,
    packages: choices(view.packages, packagesTitle),
    package: view.package.join() || ANY,
    code: view.code,
    country: view.country,
    inErrorOnly: view.isInErrorOnly ? "error" : "",
    showsIds: view.showsIds,
    externalId: view.externalId,
    orgId: view.orgId,
    sizes: sizes.map((size) => ({ title: String(size), value: String(size) })),
    max: String(view.max),
    buttons: buttonData(view.buttons),
  };
}

export function findText(view: FindView, detail: DetailLevel): string {
  return [
    "Find customers: type words to look for and conditions, for example: customers acme status=error country=DE",
    ...view.notes.map((note) => plain(note, detail.text)),
    `status= any of ${namesOf(view.statuses)}`,
    `package= any of ${namesOf(view.packages)}`,
    "code= an error code, or several: code=2560,10022",
    "country= a name or two letters",
    "package.status=error for packages in error only",
    "externalId= and orgId= exact ids; max= rows on a page, 1 to 50",
    ...commandLines(view.buttons),
  ].join("\n");
}

function choices(all: FindView["statuses"], titleOf: (values: readonly string[]) => string): readonly Choice[] {
  return [{ title: "Any", value: ANY }, ...all.map((values) => ({ title: titleOf(values), value: values.join() }))];
}

const statusesTitle = (values: readonly string[]): string =>
  values.join() === PROBLEM_STATUSES.join() ? "With problems" : values.map(statusWord).join(" or ");

const packagesTitle = (values: readonly string[]): string => values.map(packageName).join(" or ");

const namesOf = (all: FindView["statuses"]): string =>
  [...new Set(all.flat())].map((name) => plain(name, 40)).join(", ");
