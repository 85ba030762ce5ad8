import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRender } from "../../src/cards/render.ts";
import type { Customer, Problem } from "../../src/domain/customers/customer.ts";
import type { View } from "../../src/domain/views/views.ts";
import { ALERT_GOLDENS } from "../cards/alert-card-fixtures.ts";
import {
  asOf,
  customer,
  customersView,
  emailTaken,
  LIST_BUTTONS,
  maintenance,
  packageOf,
} from "../cards/card-fixtures.ts";
import { CODES } from "../support/codes.ts";

/** The documentation's folder of pictures. */
export const FOLDER = "docs/pictures";
/** In that folder: the fingerprint of each picture when it was made. */
export const FINGERPRINTS = `${FOLDER}/fingerprints.json`;

const addressInvalid: Problem = { level: "error", code: 200016, text: "Address validation failed." };
const PACKAGES = { calling: "webex_calling", meetings: "webex_meetings", suite: "webex_suite", voice: "webex_voice" };

function broken(
  name: string,
  place: readonly [string, string],
  ...failed: readonly [keyof typeof PACKAGES, Problem][]
) {
  const packages = Object.entries(PACKAGES).map(([key, full]) => {
    const [, problem] = failed.find(([failing]) => failing === key) ?? [];
    return problem === undefined ? packageOf(full) : packageOf(full, "error", problem);
  });
  const [city, country] = place;
  return customer({ name, externalId: "", address: { city, country }, status: "provisioned_with_errors", packages });
}

const CUSTOMERS: readonly Customer[] = [
  broken("Adatum Clinics", ["Porto", "PT"], ["calling", maintenance]),
  broken("Contoso Health", ["München", "DE"], ["calling", maintenance], ["meetings", emailTaken]),
  broken("Fabrikam Logistics", ["Frankfurt", "DE"], ["voice", addressInvalid]),
  broken("Northwind Traders", ["Denver", "US"], ["suite", emailTaken], ["voice", addressInvalid]),
  broken("Tailspin Toys", ["Toronto", "CA"], ["meetings", emailTaken]),
  broken("Wide World Importers", ["Wellington", "NZ"], ["calling", maintenance]),
];

const list = customersView({
  filter: "errors max=6",
  page: 1,
  firstRow: 1,
  customers: CUSTOMERS,
  total: 14,
  hasMore: true,
  freshness: asOf(12),
  buttons: LIST_BUTTONS.filter(({ title }) => !title.includes("Prev")),
});

const golden = (name: string): View => {
  const view = ALERT_GOLDENS[name];
  if (view === undefined) throw new Error(`There is no golden card ${name}.`);
  return view;
};

/** The card of each picture, by the name of its file. */
export const PICTURES: Readonly<Record<string, View>> = {
  list,
  alert: golden("alert-known-code"),
  recovered: golden("alert-recovered-known-code"),
};

export const draw = createRender("cards", CODES);

/** The files that decide how a card looks on the page. */
const DRAWN_BY = ["base.css", "card.css", "hostconfig-light.json"].map((file) => `src/sandbox/page/${file}`);

/** A digest of a card and of what draws it. A picture whose digest was another one when it was made is out of date. */
export function fingerprintOf(view: View): string {
  const hash = createHash("sha256").update(JSON.stringify(draw(view).card));
  for (const file of DRAWN_BY) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
