import type { NotifiedAlert, RoomAlertState } from "../alerting.ts";
import type { PostedCard } from "../ports.ts";
import type { View } from "../views/views.ts";
import { buildAlertsView, buildAlertView, buildStormView } from "./board.ts";
import type { Storm } from "./group.ts";

/** A card of alerts that is in a space, brought up to date: of the sort that it was posted as, about what it is about. */
export function buildRefreshedView(
  { kind }: Pick<PostedCard, "kind">,
  shown: readonly NotifiedAlert[],
  { desk, now }: { readonly desk: Pick<RoomAlertState, "mutes">; readonly now: number },
): View {
  const about = { room: desk, now };
  const alerts = shown.map(({ alert }) => alert);
  const [only] = alerts;
  if (kind === "storm") return buildStormView(alerts, reconstructStorm(shown, now), about);
  if (only !== undefined && alerts.length === 1 && kind !== "alerts")
    return buildAlertView(only, "current", about);
  return buildAlertsView(alerts, about);
}

/** Whether a card may be one of alerts. One of which nothing is known may well be. */
export function isPossiblyAlertCard({ kind }: Pick<PostedCard, "kind">): boolean {
  return kind === "alert" || kind === "alerts" || kind === "storm" || kind === "unknown";
}

/** The storm that a digest tells of began when its space was first told of it. */
function reconstructStorm(shown: readonly NotifiedAlert[], now: number): Storm {
  const toldAt = shown.map(({ notified }) => notified.notifiedAt);
  const [messageId = ""] = shown.map(({ notified }) => notified.messageId);
  return { since: Math.min(now, ...toldAt), messageId, edits: 0, lastAt: Math.max(0, ...toldAt) };
}
