import type { RoomAlertState } from "../alerting.ts";
import { type Mute, matchesFilter } from "../alerts/mute.ts";
import { format, formatFilter } from "../commands/format.ts";
import { ALERTS_BUTTON } from "./ack.ts";
import { formatCount, formatTime } from "./figures.ts";
import { answerOnAlertCard } from "./pressed-board.ts";
import type { CommandOf, Reply, ReplyContext } from "./reply.ts";
import { textReply } from "./say.ts";
import type { Button, NoticeView } from "./views.ts";

/** What is muted in this space, each with a button that ends it. */
export async function replyMutes({ alerts, roomId, clock }: ReplyContext): Promise<Reply> {
  const now = clock();
  const mutes = activeMutes((await alerts.roomState(roomId)).mutes, now);
  if (mutes.length === 0) return textReply("Nothing is muted in this space", [], [ALERTS_BUTTON]);
  const view: NoticeView = {
    kind: "notice",
    tone: "info",
    title: `${formatCount(mutes.length, "mute")} in this space`,
    lines: [],
    facts: mutes.map((mute) => ({ title: String(mute.number), value: describeMute(mute, now) })),
    buttons: mutes.slice(0, 5).map(unmuteButton),
  };
  return { view };
}

/** Ends a mute before its time; what is still open is told. */
export async function replyUnmute({ number }: CommandOf<"unmute">, context: ReplyContext): Promise<Reply> {
  const now = context.clock();
  const { mutes } = await context.alerts.roomState(context.roomId);
  const active = activeMutes(mutes, now);
  if (active.length === 0) return { ...(await replyMutes(context)), isSeparate: true };
  const [only] = active;
  const mute =
    number === undefined && active.length === 1 ? only : active.find((one) => one.number === number);
  if (mute === undefined) {
    const title = number === undefined ? "Which mute?" : `Mute ${number} is over, or never was`;
    const buttons = active.slice(0, 5).map(unmuteButton);
    return {
      ...textReply(title, ["Choose the one that is to end."], buttons),
      isSeparate: number !== undefined,
    };
  }
  const lines = [`${describeMute(mute, now)}. What is still open and was not told is told now.`];
  const reply: Reply = {
    ...textReply(`Mute ${mute.number} has ended`, lines, [MUTES_BUTTON]),
    changes: [{ kind: "alerting", change: { kind: "unmute", number: mute.number } }],
    refreshAlerts: await mutedAlertIds(mute, context),
  };
  return answerOnAlertCard(reply, { mutes: mutes.filter((one) => one !== mute) }, context);
}

/** The open alerts that it silences. */
export async function mutedAlertIds(
  { filter }: Pick<Mute, "filter">,
  context: ReplyContext,
): Promise<readonly number[]> {
  const { alerts, scope, clock } = context;
  const active = await alerts.active(scope);
  return active.filter((alert) => matchesFilter(filter, alert, clock())).map(({ id }) => id);
}

export function activeMutes(mutes: RoomAlertState["mutes"], now: number): readonly Mute[] {
  return mutes.filter(({ from, until }) => from <= now && now < until);
}

export function muteFilterText({ filter }: Pick<Mute, "filter">): string {
  return formatFilter(filter) || "everything";
}

export function describeMute(mute: Mute, now: number): string {
  return `${muteFilterText(mute)} · until ${formatTime(mute.until, now)} · ${mute.by}: ${mute.because}`;
}

export const MUTES_BUTTON: Button = { title: "Mutes", command: "mutes" };

export const unmuteButton = ({ number }: Pick<Mute, "number">): Button => ({
  title: `Unmute ${number}`,
  command: format({ name: "unmute", number }),
});
