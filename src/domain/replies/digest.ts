import { buildActivityView } from "../alerts/alert-views.ts";
import { nextDigestAt } from "../alerts/digest-time.ts";
import type { DigestCommand, DigestSchedule } from "../commands/digest.ts";
import { format } from "../commands/format.ts";
import type { HandoverCommand } from "../commands/handover.ts";
import { formatTime } from "../views/text.ts";
import { UTC } from "../views/time-mark.ts";
import type { Button } from "../views/views.ts";
import { staleNotes, subpartnerLines } from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import { changedOrOpenAlerts } from "./space-alerts.ts";

export async function replyDigest({ schedule }: DigestCommand, context: ReplyContext): Promise<Reply> {
  const now = context.clock();
  if (typeof schedule !== "string")
    return setDigest({ ...schedule, zone: schedule.zone ?? (await context.zone()) ?? UTC }, now);
  const { digest } = await context.alerts.roomState(context.roomId);
  if (digest === undefined)
    return textReply(
      "This space gets no digest",
      ["“digest daily 09:00 Europe/Berlin” sends one every day."],
      [HANDOVER_BUTTON],
    );
  if (schedule === "show")
    return textReply(`Digest ${scheduleText(digest)}`, [nextLine(digest, now)], [END_BUTTON, HANDOVER_BUTTON]);
  const again = { title: "Send it again", command: format({ name: "digest", schedule: digest }) };
  return {
    ...textReply("The digest has ended", [`It came ${scheduleText(digest)}.`], [again]),
    changes: [{ kind: "alerting", change: { kind: "digest" } }],
  };
}

function setDigest(schedule: DigestSchedule, now: number): Reply {
  const lines = ["What opened and closed, what is still open, and who acknowledged what.", nextLine(schedule, now)];
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

/** The changes since then, for the next shift: of the alerts of this space, as `alerts` lists them. */
export async function replyHandover(command: HandoverCommand, context: ReplyContext): Promise<Reply> {
  const now = context.clock();
  const since = now - command.since;
  const { own } = await changedOrOpenAlerts(context, since);
  const view = buildActivityView("Handover", own, { since, now });
  return {
    view: {
      ...view,
      lines: [...(await staleNotes(context)), ...(await subpartnerLines(context)), ...view.lines],
      buttons: [...view.buttons, { title: "Refresh", command: format(command) }],
    },
  };
}
