import type { DigestSchedule } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { nextDigestAt } from "../notices/schedule.ts";
import { formatTime } from "./figures.ts";
import type { CommandOf, Reply, ReplyContext } from "./reply.ts";
import { textReply } from "./say.ts";
import type { Button } from "./views.ts";

/** The daily summary of this space: shown, set, ended. */
export async function replyDigest({ schedule }: CommandOf<"digest">, context: ReplyContext): Promise<Reply> {
  const now = context.clock();
  if (typeof schedule !== "string") return setDigest(schedule, now);
  const { digest } = await context.alerts.roomState(context.roomId);
  if (digest === undefined)
    return textReply(
      "This space gets no digest",
      ["“digest daily 09:00 Europe/Berlin” sends one every day."],
      [HANDOVER_BUTTON],
    );
  if (schedule === "show")
    return textReply(
      `Digest ${scheduleText(digest)}`,
      [nextLine(digest, now)],
      [END_BUTTON, HANDOVER_BUTTON],
    );
  const again = { title: "Send it again", command: format({ name: "digest", schedule: digest }) };
  return {
    ...textReply("The digest has ended", [`It came ${scheduleText(digest)}.`], [again]),
    changes: [{ kind: "alerting", change: { kind: "digest" } }],
  };
}

function setDigest(schedule: DigestSchedule, now: number): Reply {
  const lines = [
    "What opened and closed, what is still open, and who has taken what.",
    nextLine(schedule, now),
  ];
  return {
    ...textReply(`Digest ${scheduleText(schedule)}`, lines, [END_BUTTON]),
    changes: [{ kind: "alerting", change: { kind: "digest", schedule } }],
  };
}

function scheduleText({ time, zone }: DigestSchedule): string {
  return `daily at ${time} ${zone}`;
}

function nextLine(schedule: DigestSchedule, now: number): string {
  return `The next one comes at ${formatTime(nextDigestAt(schedule, now), now)}.`;
}

const END_BUTTON: Button = { title: "End it", command: "digest off" };
const HANDOVER_BUTTON: Button = { title: "Handover now", command: "handover" };
