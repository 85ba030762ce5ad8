import type { CardEdit, NotifiedAlert } from "../ports/alerting.ts";
import type { PostedCard } from "../ports/messaging.ts";
import type { View } from "../views/views.ts";
import { buildAlertsView, buildAlertView, type CardContext } from "./alert-views.ts";
import { buildStormView } from "./storm-views.ts";

/** The content of an edit of a card: the present state of its alerts (ALERTS 30). */
export function buildCardEdit({ kind, shown, room, pointsToThread, isStormOn }: CardEdit, now: number): View {
  const marks = pointsToThread ? { newestInThread: true } : {};
  return buildRefreshedView({ kind }, shown, { room, now, marks, isStormOn });
}

/** An alert card that was posted as `kind`, rebuilt from the present state of the same alerts. */
export function buildRefreshedView(
  { kind }: Pick<PostedCard, "kind">,
  shown: readonly NotifiedAlert[],
  { isStormOn, ...context }: CardContext & { readonly isStormOn: boolean },
): View {
  const alerts = shown.map(({ alert }) => alert);
  const [only] = alerts;
  if (kind === "storm") return buildStormView(alerts, { ...stormOf(shown), isOver: !isStormOn }, context);
  if (only !== undefined && alerts.length === 1 && kind !== "alerts") return buildAlertView(only, "current", context);
  return buildAlertsView(alerts, context);
}

/** The storm began when the space was told of the first of its alerts. */
function stormOf(shown: readonly NotifiedAlert[]): { readonly since: number } {
  return {
    since: shown.reduce((first, { notified }) => Math.min(first, notified.notifiedAt), Number.POSITIVE_INFINITY),
  };
}
