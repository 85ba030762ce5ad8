import { type AlertRows, sentNoticesOf } from "./alert-rows.ts";
import type { StatusChange } from "./churn.ts";
import type { Post } from "./posts.ts";

/** One stay of a package in error, from some time between `from` and `to` on. */
export interface ErrorEpisode {
  readonly id: string;
  readonly item: string;
  readonly from: number;
  readonly to: number;
  /** When it ended, at the earliest and at the latest; absent when it is still in error. */
  readonly end?: { readonly from: number; readonly to: number };
  /** When it was in error the next time. */
  readonly nextAt: number;
}

/** Every entry of a package into error that the world has seen. */
export function errorEpisodes(turns: readonly StatusChange[]): readonly ErrorEpisode[] {
  const byCustomer = new Map<string, StatusChange[]>();
  for (const turn of turns) byCustomer.set(turn.id, [...(byCustomer.get(turn.id) ?? []), turn]);
  return [...byCustomer].flatMap(([id, own]) => {
    const items = new Set(own.flatMap(({ statuses }) => [...statuses.keys()]).filter((item) => item !== "*"));
    return [...items].flatMap((item) => episodesOfItem(own, id, item));
  });
}

function episodesOfItem(turns: readonly StatusChange[], id: string, item: string): readonly ErrorEpisode[] {
  const isBad = (turn: StatusChange | undefined) => turn?.statuses.get(item) === "error";
  return turns.flatMap((turn, index) => {
    if (!isBad(turn) || isBad(turns[index - 1])) return [];
    const later = turns.slice(index);
    const end = later.find((one) => !isBad(one));
    const next = end && turns.slice(turns.indexOf(end)).find(isBad);
    const { from, to } = turn;
    return [{ id, item, from, to, ...(end && { end }), nextAt: next?.from ?? Number.POSITIVE_INFINITY }];
  });
}

/** The first complete sweep that saw nothing but the error. */
export function sweepDuring({ sweeps }: AlertRows, { to, end }: ErrorEpisode) {
  return sweeps.find(
    ({ state, startedAt, endedAt }) =>
      state === "complete" && endedAt !== null && startedAt > to && endedAt < (end?.from ?? Number.POSITIVE_INFINITY),
  );
}

interface EpisodeOutcome {
  readonly entry: ErrorEpisode;
  readonly roomId: string;
  /** How many sweeps it was there to be told, after everything had been read, before it ended by itself. */
  readonly chances: number;
  /** Whether the space was told of something else that was taken up meanwhile, and no repetition: it should have been in it. */
  readonly wasInLaterMessage: boolean;
}

export interface EpisodeOutcomes {
  readonly notified: readonly EpisodeOutcome[];
  /** It had ended before it could be told (ALERTS 20). */
  readonly missed: readonly EpisodeOutcome[];
}

/** What became of entries that lasted a complete sweep, in a space that wants to hear of them. */
export function episodeOutcomes(ledger: AlertRows, entries: readonly ErrorEpisode[], roomId: string): EpisodeOutcomes {
  const beliefs = sentNoticesOf(ledger, roomId);
  const fates = entries.flatMap((entry) => {
    const sweep = sweepDuring(ledger, entry);
    if (sweep === undefined) return [];
    const alerts = ledger.alerts.filter(
      ({ customerId, item, kind }) => customerId === entry.id && item === entry.item && kind === "error",
    );
    const isTold = alerts.some(({ id }) => wasNotified(beliefs.get(id) ?? [], entry));
    const between = { from: (sweep.endedAt ?? 0) + WAIT_MS, to: entry.end?.from ?? Number.POSITIVE_INFINITY };
    const chances = ledger.sweeps.filter(
      ({ state, startedAt }) => state === "complete" && startedAt > (sweep.endedAt ?? 0) && startedAt < between.to,
    ).length;
    return [{ entry, roomId, chances, isTold, wasInLaterMessage: wasClaimedBetween(ledger, roomId, between) }];
  });
  return { notified: fates.filter(({ isTold }) => isTold), missed: fates.filter(({ isTold }) => !isTold) };
}

/** What there is to know of an entry that a space was not told of. */
export function episodeEvidence(ledger: AlertRows, posts: readonly Post[], { entry, roomId, chances }: EpisodeOutcome) {
  const { id, item, to, end } = entry;
  const alerts = ledger.alerts.filter((alert) => alert.customerId === id && alert.item === item);
  const ids = new Set(alerts.map((alert) => alert.id));
  return {
    entry,
    roomId,
    chances,
    alerts,
    owed: ledger.outbox.filter(({ recipient, alertId }) => recipient === roomId && ids.has(alertId)),
    heard: posts
      .filter((post) => post.roomId === roomId && post.at >= to && post.at <= (end?.to ?? post.at))
      .map(({ at, text }) => `${at} ${text.slice(0, 80)}`),
  };
}

/** Longer than `GROUP_WAIT`: everything that was owed before is due by then. */
const WAIT_MS = 500;

function wasClaimedBetween(
  { outbox }: AlertRows,
  roomId: string,
  between: { readonly from: number; readonly to: number },
): boolean {
  return outbox.some(
    ({ recipient, state, urgent, alertId, possiblySent, claimedAt }) =>
      recipient === roomId &&
      state === "sent" &&
      urgent + possiblySent === 0 &&
      alertId !== 0 &&
      claimedAt !== null &&
      claimedAt > between.from &&
      claimedAt < between.to,
  );
}

/** Whether the space believed in it at some time before the next entry: from before, or because it was told. */
function wasNotified(
  told: readonly { readonly at: number; readonly kind: string }[],
  { from, nextAt }: ErrorEpisode,
): boolean {
  return told.some(({ at, kind }, index) => {
    const until = told[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return kind !== "recovery" && at < nextAt && until > from;
  });
}

/** Entries that lasted a complete sweep of which the history knows nothing. */
export function unobservedEpisodes(ledger: AlertRows, entries: readonly ErrorEpisode[]): readonly ErrorEpisode[] {
  return entries.filter((entry) => {
    const sweep = sweepDuring(ledger, entry);
    if (sweep === undefined) return false;
    const steps = ledger.steps.filter(
      ({ customerId, item, at }) => customerId === entry.id && item === entry.item && at <= (sweep.endedAt ?? 0),
    );
    const status = steps.at(-1)?.toStatus;
    if (status !== undefined) return status !== "error";
    // It may have been so from the beginning, and have gone and come back unnoticed.
    return !entries.some(({ id, item, from }) => from === 0 && id === entry.id && item === entry.item);
  });
}
