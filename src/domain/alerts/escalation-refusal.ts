import type { Refusal } from "../access.ts";

const REASONS: Readonly<Record<Refusal["because"], string>> = {
  outsider: "Nobody of that address may see customer data. Name somebody who may use this bot.",
  guests: "A guest is in that space, and customer data is confidential. A bot admin can allow that space.",
  "other sub-partner": "That space is bound to another sub-partner, so it may not see these customers.",
  unsure:
    "The bot could not find out who would see them. Check the ID, and that the bot is in that space; then try again.",
};

/** Why the target of `watch escalate=` may not be told, and what helps. */
export const describeEscalationRefusal = (because: Refusal["because"]): string => REASONS[because];

/** Tells the space that watches that its escalations wait: a title, then lines. */
export function escalationWaitsLines(target: string, because: Refusal["because"]): readonly string[] {
  return [
    `Alerts of this space cannot be escalated to ${target}`,
    describeEscalationRefusal(because),
    "Until then nobody there is told. “watches” shows the watches of this space, and “watch escalate=…” names somebody else.",
  ];
}
