import { describeFilter, format, formatFilter } from "../commands/format.ts";
import type { Filter } from "../customers/filter.ts";
import { DEFAULT_SINCE } from "../customers/since.ts";
import { customerButton } from "../views/customer-button.ts";
import type { Button } from "../views/views.ts";
import { type Alert, isActive, isUnacked } from "./alert.ts";
import type { Mute } from "./mute.ts";
import { notifiedStateOf, type WatchingRoom } from "./reconcile.ts";

const HOUR = 3_600_000;

export const SHOW_ALL: Button = {
  title: "Show all",
  command: format({ name: "alerts", filter: [], page: 1 }),
  main: true,
};

export function alertButtons(alert: Alert, mute: Pick<Mute, "number"> | undefined): readonly Button[] {
  const { id, ack, drill, subject } = alert;
  const take = ack === undefined ? ackButton(id) : undoAckButton([id]);
  if (drill !== undefined) return isActive(alert) ? [take] : [];
  const open = customerButton("Customer", subject, "customer", { main: true });
  if (!isActive(alert)) return [open, customerButton("History", subject, "history")];
  return [open, take, mute === undefined ? muteButton(id) : unmuteButton(mute)];
}

export interface GroupContext {
  readonly commonCode?: number | undefined;
  /** Absent for a message to a person. */
  readonly room?: Pick<WatchingRoom, "mutes"> | undefined;
  readonly now: number;
}

/** Buttons for several alerts on one card. Each says what it takes: these alerts, everything, or one code. */
export function groupButtons(alerts: readonly Alert[], { commonCode, room, now }: GroupContext): readonly Button[] {
  const open = alerts.filter(isActive);
  const filter = commonCode === undefined ? [] : codeFilter(commonCode);
  return [
    ...listButtons(alerts),
    ...ackTheseButton(open),
    ...undoLastAckButton(open),
    ...(open.length === 0 ? [] : [muteFilterButton(filter, room, now)]),
  ];
}

/** Takes back the newest acknowledgement on the card, with all alerts that it took at once. */
function undoLastAckButton(alerts: readonly Alert[]): readonly Button[] {
  const newest = Math.max(...alerts.map(({ ack }) => ack?.at ?? 0));
  const last = alerts.find(({ ack }) => ack?.at === newest)?.ack;
  if (last === undefined) return [];
  const same = alerts.filter(({ ack }) => ack?.at === last.at && ack.personId === last.personId);
  return [undoAckButton(same.map(({ id }) => id))];
}

const SHOW_ENDED: Button = {
  title: "Show recovered",
  command: format({ name: "alerts", filter: [], page: 1, over: DEFAULT_SINCE }),
};

/** More alerts that are over than a card may show on a small screen have a list of their own. */
const MANY_ENDED = 10;

/** The lists that have what a card leaves out: of what is open, and of what is over. */
export function listButtons(alerts: readonly Alert[]): readonly Button[] {
  const ended = alerts.filter((alert) => notifiedStateOf(alert) === "closed");
  return [...(ended.length < alerts.length ? [SHOW_ALL] : []), ...(ended.length > MANY_ENDED ? [SHOW_ENDED] : [])];
}

/** Empty when none of them is unacknowledged. */
export function ackTheseButton(alerts: readonly Alert[]): readonly Button[] {
  const unacknowledged = alerts.filter(isUnacked).map(({ id }) => id);
  const ids = firstInCommand(unacknowledged);
  if (ids.length === 0) return [];
  const title = ids.length === 1 ? `Acknowledge alert ${ids[0]}` : `Acknowledge these ${ids.length}`;
  return [{ title, command: format({ name: "ack", alerts: ids }) }];
}

/** Characters: the command is part of the card. */
const MAX_COMMAND = 1_000;

/** As many of the alerts as a command can list. Most of a storm have consecutive numbers, which are listed as `12-40`. */
function firstInCommand(ids: readonly number[]): readonly number[] {
  let most = ids.length;
  while (format({ name: "ack", alerts: ids.slice(0, most) }).length > MAX_COMMAND) most = Math.floor(most * 0.8);
  return ids.slice(0, most);
}

const ackButton = (id: number): Button => ({
  title: "Acknowledge",
  command: format({ name: "ack", alerts: [id] }),
});

export function undoAckButton(ids: readonly number[]): Button {
  const listed = firstInCommand(ids);
  const title = ids.length === 1 ? "Undo ack" : `Undo ack of ${listed.length}`;
  return { title, command: format({ name: "unack", alerts: listed }) };
}

const muteButton = (id: number): Button => ({
  title: "Mute 24 h",
  command: format({
    name: "mute",
    target: { by: "alert", alert: id },
    durationMs: 24 * HOUR,
    because: "muted from its alert",
  }),
});

const unmuteButton = ({ number }: Pick<Mute, "number">): Button => ({
  title: "Unmute",
  command: format({ name: "unmute", number }),
});

const codeFilter = (code: number): Filter => [
  { field: "code", negated: false, values: [{ text: String(code), prefix: false }] },
];

/** Mutes what matches in this space for an hour, or ends the mute that another press of this button began. */
export function muteFilterButton(filter: Filter, room: Pick<WatchingRoom, "mutes"> | undefined, now: number): Button {
  const what = describeFilter(filter);
  const mute = room?.mutes.find(
    ({ from, until, filter: muted }) => from <= now && now < until && formatFilter(muted) === formatFilter(filter),
  );
  if (mute !== undefined) return { ...unmuteButton(mute), title: `Unmute ${describeMuted(what)}` };
  return {
    title: `Mute ${describeMuted(what)} for 1 h`,
    command: format({
      name: "mute",
      target: { by: "filter", filter },
      durationMs: HOUR,
      because: what === "" ? "many alerts at once" : `many alerts of ${what}`,
    }),
  };
}

/** `all`, `code 2560`, or the filter. */
function describeMuted(filter: string): string {
  return filter === "" ? "all" : filter.replace(/^code=(\d+)$/, "code $1");
}
