import type { DigestSchedule } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { nextDigestAt } from "../notices/schedule.ts";
import { timeOf } from "./figures.ts";
import type { Asked, Context, Reply } from "./reply.ts";
import { say } from "./say.ts";
import type { Button } from "./views.ts";

/** The daily summary of this space: shown, set, ended. */
export async function replyDigest({ schedule }: Asked<"digest">, context: Context): Promise<Reply> {
  const now = context.clock();
  if (typeof schedule !== "string") return set(schedule, now);
  const { digest } = await context.alerts.desk(context.roomId);
  if (digest === undefined)
    return say(
      "This space gets no digest",
      ["“digest daily 09:00 Europe/Berlin” sends one every day."],
      [HANDOVER],
    );
  if (schedule === "show") return say(`Digest ${wordsOf(digest)}`, [nextLine(digest, now)], [OFF, HANDOVER]);
  const again = { title: "Send it again", command: format({ name: "digest", schedule: digest }) };
  return {
    ...say("The digest has ended", [`It came ${wordsOf(digest)}.`], [again]),
    changes: [{ kind: "alerting", change: { kind: "digest" } }],
  };
}

function set(schedule: DigestSchedule, now: number): Reply {
  const lines = [
    "What opened and closed, what is still open, and who has taken what.",
    nextLine(schedule, now),
  ];
  return {
    ...say(`Digest ${wordsOf(schedule)}`, lines, [OFF]),
    changes: [{ kind: "alerting", change: { kind: "digest", schedule } }],
  };
}

function wordsOf({ time, zone }: DigestSchedule): string {
  return `daily at ${time} ${zone}`;
}

function nextLine(schedule: DigestSchedule, now: number): string {
  return `The next one comes at ${timeOf(nextDigestAt(schedule, now), now)}.`;
}

const OFF: Button = { title: "End it", command: "digest off" };
const HANDOVER: Button = { title: "Handover now", command: "handover" };
