import { type AlertRows, sentNoticesOf } from "./alert-rows.ts";
import type { StatusChange } from "./churn.ts";
import type { Post } from "./posts.ts";

/** One time that a package is in error, beginning between `from` and `to`. */
export interface ErrorEpisode {
  readonly id: string;
  readonly item: string;
  readonly from: number;
  readonly to: number;
  /** When it ended, at the earliest and at the latest; absent when it is still in error. */
  readonly end?: { readonly from: number; readonly to: number };
  /** When it enters error again. */
  readonly nextAt: number;
}

/** Every time that a package of the world was in error. */
export function errorEpisodes(changes: readonly StatusChange[]): readonly ErrorEpisode[] {
  const byCustomer = new Map<string, StatusChange[]>();
  for (const change of changes) byCustomer.set(change.id, [...(byCustomer.get(change.id) ?? []), change]);
  return [...byCustomer].flatMap(([id, own]) => {
    const items = new Set(own.flatMap(({ statuses }) => [...statuses.keys()]).filter((item) => item !== "*"));
    return [...items].flatMap((item) => episodesOfItem(own, id, item));
  });
}

function episodesOfItem(changes: readonly StatusChange[], id: string, item: string): readonly ErrorEpisode[] {
  const isError = (change: StatusChange | undefined) => change?.statuses.get(item) === "error";
  return changes.flatMap((change, index) => {
    if (!isError(change) || isError(changes[index - 1])) return [];
    const later = changes.slice(index);
    const end = later.find((one) => !isError(one));
    const next = end && changes.slice(changes.indexOf(end)).find(isError);
    const { from, to } = change;
    return [{ id, item, from, to, ...(end && { end }), nextAt: next?.from ?? Number.POSITIVE_INFINITY }];
  });
}

/** The first complete sweep during the error. */
export function sweepDuring({ sweeps }: AlertRows, { to, end }: ErrorEpisode) {
  return sweeps.find(
    ({ state, startedAt, endedAt }) =>
      state === "complete" && endedAt !== null && startedAt > to && endedAt < (end?.from ?? Number.POSITIVE_INFINITY),
  );
}

interface EpisodeOutcome {
  readonly episode: ErrorEpisode;
  readonly roomId: string;
  /** How many complete sweeps began after the first one and before the end: so often it could have been notified. */
  readonly sweeps: number;
  /** True if the space got another message that was claimed meanwhile and is no repeat: the notice should have been in that one. */
  readonly wasInLaterMessage: boolean;
}

export interface EpisodeOutcomes {
  readonly notified: readonly EpisodeOutcome[];
  /** It had ended before it could be notified (ALERTS 20). */
  readonly missed: readonly EpisodeOutcome[];
}

/** Which errors that lasted a complete sweep were notified in a space that watches them. */
export function episodeOutcomes(rows: AlertRows, episodes: readonly ErrorEpisode[], roomId: string): EpisodeOutcomes {
  const notices = sentNoticesOf(rows, roomId);
  const outcomes = episodes.flatMap((episode) => {
    const sweep = sweepDuring(rows, episode);
    if (sweep === undefined) return [];
    const alerts = rows.alerts.filter(
      ({ customerId, item, kind }) => customerId === episode.id && item === episode.item && kind === "error",
    );
    const isNotified = alerts.some(({ id }) => wasNotified(notices.get(id) ?? [], episode));
    const between = { from: (sweep.endedAt ?? 0) + WAIT_MS, to: episode.end?.from ?? Number.POSITIVE_INFINITY };
    const sweeps = rows.sweeps.filter(
      ({ state, startedAt }) => state === "complete" && startedAt > (sweep.endedAt ?? 0) && startedAt < between.to,
    ).length;
    return [{ episode, roomId, sweeps, isNotified, wasInLaterMessage: wasClaimedBetween(rows, roomId, between) }];
  });
  return {
    notified: outcomes.filter(({ isNotified }) => isNotified),
    missed: outcomes.filter(({ isNotified }) => !isNotified),
  };
}

/** Everything about an error that was not notified, for the failure's message. */
export function episodeEvidence(rows: AlertRows, posts: readonly Post[], { episode, roomId, sweeps }: EpisodeOutcome) {
  const { id, item, to, end } = episode;
  const alerts = rows.alerts.filter((alert) => alert.customerId === id && alert.item === item);
  const ids = new Set(alerts.map((alert) => alert.id));
  return {
    episode,
    roomId,
    sweeps,
    alerts,
    notices: rows.outbox.filter(({ recipient, alertId }) => recipient === roomId && ids.has(alertId)),
    posts: posts
      .filter((post) => post.roomId === roomId && post.at >= to && post.at <= (end?.to ?? post.at))
      .map(({ at, text }) => `${at} ${text.slice(0, 80)}`),
  };
}

/** Longer than `GROUP_WAIT`: every notice that was queued before is due by then. */
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

/** True if the space's last notice reported it as open, at some time before the next error. */
function wasNotified(
  notices: readonly { readonly at: number; readonly kind: string }[],
  { from, nextAt }: ErrorEpisode,
): boolean {
  return notices.some(({ at, kind }, index) => {
    const until = notices[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return kind !== "recovery" && at < nextAt && until > from;
  });
}

/** Errors that lasted a complete sweep but are not in the history. */
export function unobservedEpisodes(rows: AlertRows, episodes: readonly ErrorEpisode[]): readonly ErrorEpisode[] {
  return episodes.filter((episode) => {
    const sweep = sweepDuring(rows, episode);
    if (sweep === undefined) return false;
    const steps = rows.steps.filter(
      ({ customerId, item, at }) => customerId === episode.id && item === episode.item && at <= (sweep.endedAt ?? 0),
    );
    const status = steps.at(-1)?.toStatus;
    if (status !== undefined) return status !== "error";
    // It may have been in error from the start, and have recovered and failed between two sweeps.
    return !episodes.some(({ id, item, from }) => from === 0 && id === episode.id && item === episode.item);
  });
}
