import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import type { Customer } from "../domain/customers/customer.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { CustomerView } from "../domain/views/views.ts";
import { openAlertLines } from "./alerts.ts";
import { type BlockData, blockData, blocksOf, blockTexts, meaningTexts } from "./blocks.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, partsText, type TextRun, textRuns } from "./elements.ts";
import { freshnessOf, madeAt, scopeText } from "./freshness.ts";
import { seenSince } from "./items.ts";
import { exactId, plain } from "./plain-text.ts";
import { statusCounts } from "./status-line.ts";
import {
  addressOf,
  CARD_TIME_FORMAT,
  joinNonEmpty,
  nameOf,
  packageName,
  placeOf,
  statusWord,
  type TimeFormat,
  textTimeFormat,
} from "./words.ts";

interface CustomerData {
  readonly title: string;
  readonly hasPlace: boolean;
  readonly place: string;
  readonly summary: readonly TextRun[];
  readonly hasSince: boolean;
  readonly since: string;
  readonly notes: readonly { readonly text: string }[];
  readonly hasAlerts: boolean;
  readonly alerts: readonly { readonly text: string }[];
  readonly hasFailed: boolean;
  readonly failed: readonly BlockData[];
  readonly others: readonly BlockData[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly hasAddress: boolean;
  readonly address: string;
  readonly ids: readonly Id[];
  readonly freshness: string;
  readonly buttons: readonly ButtonData[];
}

/** An id to copy. A long one is shown in a text block, which wraps; a short one in a text run, which has no markup. */
interface Id {
  readonly label: string;
  readonly id: string;
  readonly isLong: boolean;
}

export function customerCard(view: CustomerView, detail: DetailLevel, codes: ErrorCodes): CustomerData {
  const { customer } = view;
  const { blocks, more } = blocksOf(view, detail);
  const drawn = blockData(blocks, detail, codes);
  const failed = blocks.filter(({ tone }) => tone === "bad").length;
  const place = placeOf(customer.address);
  const address = fullAddress(customer);
  const since = statusSince(view, CARD_TIME_FORMAT);
  return {
    title: nameOf(customer, 120),
    hasPlace: place !== "",
    place,
    summary: textRuns(statusCounts(customer)),
    hasSince: since !== "",
    since,
    notes: view.notes.map((note) => ({ text: plain(note, detail.text) })),
    hasAlerts: view.alerts.length > 0,
    alerts: openAlertLines(view, CARD_TIME_FORMAT, detail).map((text) => ({ text })),
    hasFailed: failed > 0,
    failed: drawn.slice(0, failed),
    others: drawn.slice(failed),
    hasMore: more > 0,
    more: `and ${more} more`,
    hasAddress: address !== "",
    address,
    ids: idsOf(view, detail),
    freshness: footerText(view, CARD_TIME_FORMAT),
    buttons: buttonData(view.buttons),
  };
}

export function customerText(view: CustomerView, detail: DetailLevel, codes: ErrorCodes): string {
  const { customer } = view;
  const { blocks, more } = blocksOf(view, detail);
  const address = fullAddress(customer);
  const times = textTimeFormat(madeAt(view.freshness));
  return [
    `${joinNonEmpty([nameOf(customer, 120), placeOf(customer.address)], ", ")}: ${partsText(statusCounts(customer))}`,
    ...[statusSince(view, times)].filter((line) => line !== ""),
    ...view.notes.map((note) => plain(note, detail.text)),
    ...(view.alerts.length === 0 ? [] : ["Open alerts:", ...openAlertLines(view, times, detail)]),
    ...blockTexts(blocks, detail, times),
    ...meaningTexts(blocks, detail, codes),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(address === "" ? [] : [`Address: ${address}`]),
    ...idsOf(view, detail).map(({ label, id }) => `${label}: ${id}`),
    footerText(view, times),
    ...commandLines(view.buttons),
  ].join("\n");
}

/** `Provisioned with errors since 23 Nov, 14:02 UTC`: when the bot first saw the customer's own status. */
function statusSince({ customer, since }: CustomerView, times: TimeFormat): string {
  const at = seenSince(since, CUSTOMER_ITEM);
  return at === undefined ? "" : `${statusWord(customer.status)} since ${times.dateTime(at)}`;
}

/** Empty if the head of the card says all of it. */
function fullAddress({ address }: Customer): string {
  const full = addressOf(address);
  return full === placeOf(address) ? "" : full;
}

function footerText({ subpartner, freshness }: CustomerView, times: TimeFormat): string {
  return joinNonEmpty([scopeText(subpartner), freshnessOf(freshness, times)], " · ");
}

/** The ids that a Cisco support case needs. The external id only where it is not the title already. */
function idsOf({ customer, licenses = [] }: CustomerView, detail: DetailLevel): readonly Id[] {
  const { id, orgId, externalId = "" } = customer;
  const ids = [
    { label: "Customer ID", id },
    { label: "Organisation ID", id: orgId ?? "" },
    { label: "External ID", id: nameOf(customer, 120) === exactId(externalId) ? "" : externalId },
  ];
  const ofPackages = licenses.flatMap((licensed) =>
    licensed.ids.map((licenseId) => ({ label: `Licence ID of ${packageName(licensed.package)}`, id: licenseId })),
  );
  return [...ids, ...takeFirst(ofPackages, detail.problems * 4).shown]
    .filter((one) => one.id !== "")
    .map((one) => ({ label: one.label, id: exactId(one.id), isLong: one.id.length > 36 }));
}
