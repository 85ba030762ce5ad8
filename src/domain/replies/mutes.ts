import type { Desk } from "../alerting.ts";
import { isMeant, type Mute } from "../alerts/mute.ts";
import { format, formatFilter } from "../commands/format.ts";
import { ALERTS } from "./ack.ts";
import { counted, timeOf } from "./figures.ts";
import { onBoard } from "./pressed-board.ts";
import type { Asked, Context, Reply } from "./reply.ts";
import { say } from "./say.ts";
import type { Button, NoticeView } from "./views.ts";

/** What is muted in this space, each with a button that ends it. */
export async function replyMutes({ alerts, roomId, clock }: Context): Promise<Reply> {
  const now = clock();
  const mutes = activeOf((await alerts.desk(roomId)).mutes, now);
  if (mutes.length === 0) return say("Nothing is muted in this space", [], [ALERTS]);
  const view: NoticeView = {
    kind: "notice",
    tone: "info",
    title: `${counted(mutes.length, "mute")} in this space`,
    lines: [],
    facts: mutes.map((mute) => ({ title: String(mute.number), value: describe(mute, now) })),
    buttons: mutes.slice(0, 5).map(unmuteButton),
  };
  return { view };
}

/** Ends a mute before its time; what is still open is told. */
export async function replyUnmute({ number }: Asked<"unmute">, context: Context): Promise<Reply> {
  const now = context.clock();
  const { mutes } = await context.alerts.desk(context.roomId);
  const active = activeOf(mutes, now);
  if (active.length === 0) return { ...(await replyMutes(context)), beside: true };
  const [only] = active;
  const mute =
    number === undefined && active.length === 1 ? only : active.find((one) => one.number === number);
  if (mute === undefined) {
    const title = number === undefined ? "Which mute?" : `Mute ${number} is over, or never was`;
    const buttons = active.slice(0, 5).map(unmuteButton);
    return { ...say(title, ["Choose the one that is to end."], buttons), beside: number !== undefined };
  }
  const lines = [`${describe(mute, now)}. What is still open and was not told is told now.`];
  const reply: Reply = {
    ...say(`Mute ${mute.number} has ended`, lines, [MUTES]),
    changes: [{ kind: "alerting", change: { kind: "unmute", number: mute.number } }],
    refresh: await meantBy(mute, context),
  };
  return onBoard(reply, { mutes: mutes.filter((one) => one !== mute) }, context);
}

/** The open alerts that it silences. */
export async function meantBy(
  { filter }: Pick<Mute, "filter">,
  context: Context,
): Promise<readonly number[]> {
  const { alerts, scope, clock } = context;
  const active = await alerts.active(scope);
  return active.filter((alert) => isMeant(filter, alert, clock())).map(({ id }) => id);
}

export function activeOf(mutes: Desk["mutes"], now: number): readonly Mute[] {
  return mutes.filter(({ from, until }) => from <= now && now < until);
}

export function whatOf({ filter }: Pick<Mute, "filter">): string {
  return formatFilter(filter) || "everything";
}

export function describe(mute: Mute, now: number): string {
  return `${whatOf(mute)} · until ${timeOf(mute.until, now)} · ${mute.by}: ${mute.because}`;
}

export const MUTES: Button = { title: "Mutes", command: "mutes" };

export const unmuteButton = ({ number }: Pick<Mute, "number">): Button => ({
  title: `Unmute ${number}`,
  command: format({ name: "unmute", number }),
});
