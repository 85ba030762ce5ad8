import type { Desk, Shown } from "../alerting.ts";
import type { PostedCard } from "../ports.ts";
import type { View } from "../replies/views.ts";
import { alertCard, crowdCard, stormCard } from "./board.ts";
import type { Storm } from "./group.ts";

/** A card of alerts that is in a space, brought up to date: of the sort that it was posted as, about what it is about. */
export function boardOf(
  { kind }: Pick<PostedCard, "kind">,
  shown: readonly Shown[],
  { desk, now }: { readonly desk: Pick<Desk, "mutes">; readonly now: number },
): View {
  const about = { room: desk, now };
  const alerts = shown.map(({ alert }) => alert);
  const [only] = alerts;
  if (kind === "storm") return stormCard(alerts, stormOf(shown, now), about);
  if (only !== undefined && alerts.length === 1 && kind !== "alerts")
    return alertCard(only, "present", about);
  return crowdCard(alerts, about);
}

/** Whether a card may be one of alerts. One of which nothing is known may well be. */
export function mayBeBoard({ kind }: Pick<PostedCard, "kind">): boolean {
  return kind === "alert" || kind === "alerts" || kind === "storm" || kind === "unknown";
}

/** The storm that a digest tells of began when its space was first told of it. */
function stormOf(shown: readonly Shown[], now: number): Storm {
  const toldAt = shown.map(({ told }) => told.toldAt);
  const [messageId = ""] = shown.map(({ told }) => told.messageId);
  return { since: Math.min(now, ...toldAt), messageId, edits: 0, lastAt: Math.max(0, ...toldAt) };
}
