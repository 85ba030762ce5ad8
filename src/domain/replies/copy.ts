import type { Command } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { type SnapshotAge, WHOLE_TOKEN } from "../customers/sweep.ts";
import { formatCount, formatTime } from "./figures.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import type { Freshness } from "./views.ts";

/** What the bot's own copy of this space's customers is good for at the moment. */
export interface SnapshotState {
  /** `partial`: the first sweep has not been complete yet. `empty`: nor has it read anybody. */
  readonly state: "complete" | "partial" | "empty";
  readonly customers: number;
  readonly freshness: Extract<Freshness, { source: "snapshot" }>;
  /** What must be said with an answer from it. */
  readonly notes: readonly string[];
}

export async function snapshotState(context: ReplyContext): Promise<SnapshotState> {
  const { snapshot, scope, clock } = context;
  const stale = await staleNotes(context);
  const age = await snapshot.age(scope);
  const now = clock();
  if (age.completeAt !== undefined) {
    const freshness = { source: "snapshot", readAt: age.completeAt, now } as const;
    return { state: "complete", customers: age.customers, freshness, notes: stale };
  }
  const readSoFar = Math.max(age.customers, age.current?.customers ?? 0);
  return {
    state: readSoFar > 0 ? "partial" : "empty",
    customers: readSoFar,
    freshness: { source: "snapshot", now, readSoFar },
    notes: [...stale, `${progressOf(age, readSoFar)} This answer knows only those.`],
  };
}

/** What stands above every answer while the bot cannot see (ALERTS 31). */
export async function staleNotes({ alerts, scope, clock }: ReplyContext): Promise<readonly string[]> {
  const { outage } = await alerts.visibility(scope);
  if (outage === undefined) return [];
  return [
    `I cannot see at the moment, since ${formatTime(outage.since, clock())}: what follows may be stale.`,
  ];
}

/** Before anybody has been read: how far it is, and what works meanwhile. */
export async function notReadYet(command: Command, context: ReplyContext): Promise<Reply> {
  const { snapshot, scope } = context;
  const age = await snapshot.age(scope);
  const whose = scope === WHOLE_TOKEN ? "the customers" : "the customers of this sub-partner";
  return {
    view: {
      kind: "notice",
      tone: "info",
      title: `I have not read ${whose} yet`,
      lines: [
        progressOf(age, 0),
        "Until then I can list customers by status, externalId and orgId, straight from Webex.",
      ],
      facts: [],
      buttons: [
        { title: "Try again", command: format(command), main: true },
        { title: "Show customers", command: "customers" },
      ],
    },
  };
}

function progressOf({ current }: SnapshotAge, readSoFar: number): string {
  if (current === undefined && readSoFar === 0) return "The first reading of all customers has not begun.";
  const soFar = `${formatCount(readSoFar, "customer")} read so far`;
  return current?.state === "running"
    ? `The first reading of all customers is under way: ${soFar}.`
    : `The first reading of all customers did not reach the end and will begin again: ${soFar}.`;
}
