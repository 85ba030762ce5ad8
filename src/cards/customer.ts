import type { Customer } from "../domain/customers/customer.ts";
import { WHOLE } from "../domain/customers/record.ts";
import type { CustomerView } from "../domain/replies/views.ts";
import { type BlockData, blockData, blocksOf, blockTexts } from "./blocks.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import { type Detail, firstOf } from "./detail.ts";
import { freshnessOf, madeAt, scopeOf } from "./freshness.ts";
import { seenSince } from "./items.ts";
import { openAlertLines } from "./open-alerts.ts";
import { lineOf, type Run, runsOf } from "./parts.ts";
import { exact, plain } from "./plain.ts";
import { countsOf } from "./status-line.ts";
import { CARD_TIMES, type Times, textTimes } from "./times.ts";
import { whereOf } from "./where.ts";
import { addressOf, joined, nameOf, placeOf, statusWord } from "./words.ts";

interface CustomerData {
  readonly title: string;
  readonly hasPlace: boolean;
  readonly place: string;
  readonly summary: readonly Run[];
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
  readonly buttons: readonly Press[];
}

/** An id to copy. A long one stands in a text block, which wraps it; a short one in a run, which takes any character. */
interface Id {
  readonly label: string;
  readonly id: string;
  readonly isLong: boolean;
}

export function customerCard(view: CustomerView, detail: Detail): CustomerData {
  const { customer } = view;
  const { shown, more } = firstOf(blocksOf(view), detail.items);
  const failed = shown.filter(({ tone }) => tone === "bad");
  const others = shown.filter(({ tone }) => tone !== "bad");
  const place = whereOf(customer);
  const address = addressOf(customer.address);
  const since = ownSince(view, CARD_TIMES);
  return {
    title: nameOf(customer, 120),
    hasPlace: place !== "",
    place,
    summary: runsOf(countsOf(customer)),
    hasSince: since !== "",
    since,
    notes: view.notes.map((note) => ({ text: plain(note, detail.text) })),
    hasAlerts: view.alerts.length > 0,
    alerts: openAlertLines(view, CARD_TIMES, detail).map((text) => ({ text })),
    hasFailed: failed.length > 0,
    failed: blockData(failed, detail),
    others: blockData(others, detail),
    hasMore: more > 0,
    more: `and ${more} more`,
    hasAddress: address !== "",
    address,
    ids: idsOf(customer),
    freshness: footOf(view, CARD_TIMES),
    buttons: pressesOf(view.buttons),
  };
}

export function customerText(view: CustomerView, detail: Detail): string {
  const { customer } = view;
  const { shown, more } = firstOf(blocksOf(view), detail.items);
  const address = addressOf(customer.address);
  const times = textTimes(madeAt(view.freshness));
  return [
    `${joined([nameOf(customer, 120), placeOf(customer.address)], ", ")}: ${lineOf(countsOf(customer))}`,
    ...[ownSince(view, times)].filter((line) => line !== ""),
    ...view.notes.map((note) => plain(note, detail.text)),
    ...(view.alerts.length === 0 ? [] : ["Open alerts:", ...openAlertLines(view, times, detail)]),
    ...blockTexts(shown, detail, times),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(address === "" ? [] : [`Address: ${address}`]),
    ...idsOf(customer).map(({ label, id }) => `${label}: ${id}`),
    footOf(view, times),
    ...typedLines(view.buttons),
  ].join("\n");
}

/** `Provisioned with errors since 23 Nov, 14:02 UTC`: what the customer itself is, and since when the bot has seen it so. */
function ownSince({ customer, since }: CustomerView, times: Times): string {
  const at = seenSince(since, WHOLE);
  return at === undefined ? "" : `${statusWord(customer.status)} since ${times.moment(at)}`;
}

function footOf({ subpartner, freshness }: CustomerView, times: Times): string {
  return joined([scopeOf(subpartner), freshnessOf(freshness, times)], " · ");
}

/** What a Cisco support case asks for. */
function idsOf({ id, orgId, externalId }: Customer): readonly Id[] {
  const known = [
    { label: "Customer ID", id },
    { label: "Organisation ID", id: orgId ?? "" },
    { label: "External ID", id: externalId ?? "" },
  ];
  return known
    .filter((one) => one.id !== "")
    .map((one) => ({ label: one.label, id: exact(one.id), isLong: one.id.length > 36 }));
}
