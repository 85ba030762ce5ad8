import { type Alert, isActive } from "../alerts/alert.ts";
import type { Mute } from "../alerts/mute.ts";
import { format } from "../commands/format.ts";
import type { Filter } from "../customers/filter.ts";
import type { Button } from "../views/views.ts";

const HOUR = 3_600_000;

export const SHOW_ALL: Button = {
  title: "Show all",
  command: format({ name: "alerts", filter: [], page: 1 }),
  main: true,
};

/** What can be done about one alert: seen to, taken, muted for a day. */
export function alertButtons(alert: Alert, mute: Mute | undefined): readonly Button[] {
  const { id, key, ack, drill } = alert;
  if (drill !== undefined) return isActive(alert) && ack === undefined ? [ackButton(id)] : [];
  const ref = { by: "id", value: key.customerId } as const;
  const open: Button = {
    title: "Open customer",
    command: format({ name: "customer", ref, fresh: false }),
    main: true,
  };
  if (!isActive(alert)) return [open, { title: "History", command: format({ name: "history", ref }) }];
  return [
    open,
    ...(ack === undefined ? [ackButton(id)] : []),
    mute === undefined ? muteButton(id) : unmuteButton(mute),
  ];
}

const MAX_LISTED = 20;

/** What can be done about several at once. */
export function groupButtons(alerts: readonly Alert[], commonCode: number | undefined): readonly Button[] {
  const untaken = alerts.filter((alert) => isActive(alert) && alert.ack === undefined).map(({ id }) => id);
  // A long list of numbers fits no button, and means everything anyway.
  const which = untaken.length > MAX_LISTED ? "all" : untaken;
  const ack: Button = { title: "Acknowledge all", command: format({ name: "ack", alerts: which }) };
  return [SHOW_ALL, ...(untaken.length === 0 ? [] : [ack, muteAllButton(commonCode)])];
}

export function stormButtons(commonCode: number | undefined): readonly Button[] {
  return [
    SHOW_ALL,
    { title: "Acknowledge all", command: format({ name: "ack", alerts: "all" }) },
    muteAllButton(commonCode),
  ];
}

const ackButton = (id: number): Button => ({
  title: "Acknowledge",
  command: format({ name: "ack", alerts: [id] }),
});

const muteButton = (id: number): Button => ({
  title: "Mute 24 h",
  command: format({
    name: "mute",
    target: { by: "alert", alert: id },
    durationMs: 24 * HOUR,
    because: "muted from its alert",
  }),
});

const unmuteButton = ({ number }: Mute): Button => ({
  title: "Unmute",
  command: format({ name: "unmute", number }),
});

/** What has one cause is muted by its code, and everything else stays audible. */
function muteAllButton(commonCode: number | undefined): Button {
  const filter: Filter =
    commonCode === undefined
      ? []
      : [{ field: "code", negated: false, values: [{ text: String(commonCode), prefix: false }] }];
  const because = commonCode === undefined ? "many alerts at once" : `many alerts of code ${commonCode}`;
  return {
    title: commonCode === undefined ? "Mute 1 h" : `Mute code ${commonCode} 1 h`,
    command: format({ name: "mute", target: { by: "filter", filter }, durationMs: HOUR, because }),
  };
}
