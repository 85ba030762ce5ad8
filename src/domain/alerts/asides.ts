import type { AlertsView, Marks } from "../views/views.ts";
import type { Notice, ShortAlert } from "./notice.ts";
import { cameAndWentLines } from "./short-alerts.ts";

/** The lines of a message beside its alerts. An edit of its card keeps them, since no other message has them (ALERTS 20, 30). */
export interface Asides {
  readonly cameAndWent: readonly ShortAlert[];
  /** Lines about customers and packages that were removed. */
  readonly removals: readonly string[];
}

export const NO_ASIDES: Asides = { cameAndWent: [], removals: [] };

const MAX_REMOVALS = 10;

export function asidesOf(notices: readonly Notice[]): Asides {
  const removals = notices.filter(({ kind }) => kind === "removals").flatMap(({ details }) => details.lines ?? []);
  const [title, ...removed] = removals;
  const lines = removed.slice(0, MAX_REMOVALS).map((line) => `${title}: ${line}`);
  const more = removed.length > MAX_REMOVALS ? [`${title}: more, see “changes”.`] : [];
  return { cameAndWent: notices.flatMap(({ details }) => details.cameAndWent ?? []), removals: [...lines, ...more] };
}

/** The part of the marks of a card that its asides fill. */
export function cameAndWentMark({ cameAndWent }: Asides, now: number): Pick<Marks, "cameAndWent"> {
  const lines = cameAndWentLines(cameAndWent, now);
  return lines.length > 0 ? { cameAndWent: lines } : {};
}

/** A card of several alerts has what was removed meanwhile among its lines. */
export const withRemovals = (view: AlertsView, { removals }: Asides): AlertsView => ({ ...view, lines: removals });
