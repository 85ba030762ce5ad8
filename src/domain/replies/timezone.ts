import type { TimezoneCommand } from "../commands/timezone.ts";
import { formatTime } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

/** The clock of this space; the answer to a change is written by the new one. */
export async function replyTimezone({ zone }: TimezoneCommand, context: ReplyContext): Promise<Reply> {
  const now = context.clock();
  const current = await context.zone();
  if (zone === undefined)
    return current === undefined
      ? textReply("This space has no clock of its own", [WITHOUT, "“timezone Europe/Berlin” sets one."])
      : textReply(`This space’s clock: ${current}`, [`It is ${formatTime(now, now)}.`], [END_BUTTON]);
  const lines = [`It is ${formatTime(now, now)}. Texts, cards and digests here go by it.`];
  const reply =
    zone === "off"
      ? textReply("This space has no clock of its own any more", [WITHOUT])
      : textReply(`This space’s clock: ${zone}`, lines, [END_BUTTON]);
  return { ...reply, changes: [{ kind: "zone", ...(zone !== "off" && { zone }) }] };
}

const WITHOUT = "Texts are in UTC, and cards show the clock of whoever reads them.";
const END_BUTTON: Button = { title: "End it", command: "timezone off" };
