import { titleOf } from "../customers/customer.ts";
import type { StormView } from "../views/views.ts";
import type { Alert } from "./alert.ts";
import { groupButtons } from "./alert-buttons.ts";
import { byState, type CardContext } from "./alert-views.ts";
import { alertCodes, codeCounts, commonCause } from "./error-codes.ts";
import { ALERT_KINDS, KIND_RULES } from "./kinds.ts";

interface StormState {
  /** When the storm began; now if it begins. */
  readonly since?: number | undefined;
  /** How many alerts of its codes were told by name before. */
  readonly before?: number;
  /** It had two windows without a new alert. */
  readonly isOver: boolean;
  readonly endedAt?: number;
}

/** Totals of one set of alerts, and the customers with the most of them (ALERTS 21). */
export function buildStormView(
  alerts: readonly Alert[],
  { since, before = 0, isOver, endedAt }: StormState,
  { room, marks = {}, now }: CardContext,
): StormView {
  const { open, flapping, ended } = byState(alerts);
  const recovered = ended.filter(({ reason }) => reason === "recovered").length;
  const common = commonCause(open.length > 0 ? open : alerts);
  return {
    kind: "storm",
    state: isOver ? "over" : "active",
    marks,
    now,
    since: since ?? now,
    ...(endedAt !== undefined && { endedAt }),
    what: describeKinds(alerts),
    notified: alerts.length,
    before,
    open: open.length,
    acked: open.filter(({ ack }) => ack !== undefined).length,
    recovered,
    removed: ended.length - recovered,
    flapping: flapping.length,
    customers: new Set(alerts.map(({ key }) => key.customerId)).size,
    byPackage: packageCounts(open),
    byCode: codeCounts(open).slice(0, 8),
    worst: worstCustomers(open),
    ...(common !== undefined && { commonCode: common }),
    buttons: groupButtons(open, { room, now, ...(!isOver && { commonCode: common }) }),
  };
}

/** `in error`, or `in error or stuck` for alerts of both kinds. */
function describeKinds(alerts: readonly Alert[]): string {
  const kinds = new Set(alerts.map(({ key }) => key.kind));
  return ALERT_KINDS.flatMap((kind) => (kinds.has(kind) ? [KIND_RULES[kind].words.counted] : [])).join(" or ");
}

function packageCounts(alerts: readonly Alert[]): StormView["byPackage"] {
  const counts = new Map<string, number>();
  for (const { key } of alerts) counts.set(key.item, (counts.get(key.item) ?? 0) + 1);
  return [...counts].map(([item, count]) => ({ item, count })).sort((a, b) => b.count - a.count);
}

const MAX_WORST = 10;

/** The customers with more than one package in error: where each has one, no customer is affected more than another. */
function worstCustomers(alerts: readonly Alert[]): StormView["worst"] {
  const byCustomer = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of alerts) {
    const known = byCustomer.get(alert.key.customerId);
    if (known === undefined) byCustomer.set(alert.key.customerId, [alert]);
    else known.push(alert);
  }
  return [...byCustomer.values()]
    .filter((own) => own.length > 1)
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_WORST)
    .map((own) => ({
      title: titleOf(own[0].subject),
      packages: own.map(({ key }) => key.item),
      codes: [...new Set(own.flatMap(alertCodes))],
    }));
}
