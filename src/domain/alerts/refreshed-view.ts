import type { AlertsOnCard, CardEdit } from "../ports/alerting.ts";
import type { PostedCard } from "../ports/messaging.ts";
import type { View } from "../views/views.ts";
import { buildAlertsView, buildAlertView, type CardContext } from "./alert-views.ts";
import { cameAndWentMark, withRemovals } from "./asides.ts";
import { buildStormView } from "./storm-views.ts";

/** The content of an edit of a card: the present state of its alerts (ALERTS 30). */
export function buildCardEdit(edit: CardEdit, now: number): View {
  const { kind, room, memory, pointsToThread, isStormOn } = edit;
  const marks = pointsToThread ? { newestInThread: true } : {};
  return buildRefreshedView(kind, edit, { room, memory, now, marks, isStormOn });
}

/** An alert card that was posted as `kind`, rebuilt from the present state of the same alerts. */
export function buildRefreshedView(
  kind: PostedCard["kind"],
  { shown, postedAt, asides }: AlertsOnCard,
  { isStormOn, ...of }: CardContext & { readonly isStormOn: boolean },
): View {
  const context = { ...of, marks: { ...of.marks, ...cameAndWentMark(asides, of.now) } };
  const alerts = shown.map(({ alert }) => alert);
  const [only] = alerts;
  // The storm began with its card; the space may have been told of some of its alerts before.
  if (kind === "storm") return buildStormView(alerts, { since: postedAt, isOver: !isStormOn }, context);
  if (only !== undefined && alerts.length === 1 && kind !== "alerts") return buildAlertView(only, "current", context);
  return withRemovals(buildAlertsView(alerts, context), asides);
}
