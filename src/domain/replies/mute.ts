import type { Alert } from "../alerts/alert.ts";
import { LONGEST_MUTE, type Mute } from "../alerts/mute.ts";
import type { MuteCommand } from "../commands/command.ts";
import { formatFilter } from "../commands/format.ts";
import type { Filter, FilterField, Term } from "../customers/filter.ts";
import { ALERTS, ofSpace, unknownLine } from "./ack.ts";
import { refuse } from "./bound.ts";
import { counted, timeOf } from "./figures.ts";
import { activeOf, describe, MUTES, meantBy, unmuteButton, whatOf } from "./mutes.ts";
import { filterInCopy } from "./plan.ts";
import { onBoard } from "./pressed-board.ts";
import type { Context, Reply } from "./reply.ts";
import { say } from "./say.ts";
import type { NoticeView } from "./views.ts";

/** Keeps a space quiet about something for a while (ALERTS 23). */
export async function replyMute(command: MuteCommand, context: Context): Promise<Reply> {
  const { what } = command;
  if (what.by === "alert") return muteAlert(what.alert, command, context);
  const plan = filterInCopy(what.filter, context.scope);
  return plan.from === "copy" ? mute(what.filter, command, context) : refuse(plan, context);
}

/** Two people who press at once, and a press that is answered again, want one mute and not two. */
const SAME_MS = 60_000;

/** By its customer and package, so that a later alert of the same is covered as well. */
async function muteAlert(number: number, command: MuteCommand, context: Context): Promise<Reply> {
  const alert = await ofSpace(number, context);
  if (alert === undefined) return { ...say(unknownLine(number), [], [ALERTS]), beside: true };
  const filter = filterOf(alert);
  if (filter !== undefined) return mute(filter, command, context);
  const lines = ["Its customer has no external ID, organisation or name that a mute could go by."];
  return { ...say(`Alert ${number} cannot be muted by itself`, lines), beside: true };
}

/** Undefined where no filter means this customer alone. */
function filterOf({ subject }: Alert): Filter | undefined {
  const fields = ["externalId", "orgId", "name"] as const;
  const field = fields.find((one) => subject[one] !== undefined);
  const value = field && subject[field];
  if (field === undefined || value === undefined) return undefined;
  // An alert's subject is the customer with this item alone; without one, the alert is about the customer itself.
  const items = [...subject.packages, ...subject.addOns].map(({ name }) => term("package", name));
  return [term(field, value), ...items];
}

function term(field: FilterField, text: string): Term {
  return { field, negated: false, values: [{ text, prefix: false }] };
}

async function mute(filter: Filter, command: MuteCommand, context: Context): Promise<Reply> {
  const { alerts, roomId, sender, clock } = context;
  const now = clock();
  const until = now + Math.min(command.for, LONGEST_MUTE);
  const { mutes } = await alerts.desk(roomId);
  const same = activeOf(mutes, now).find(
    (one) => one.until >= until - SAME_MS && formatFilter(one.filter) === formatFilter(filter),
  );
  if (same !== undefined) {
    const title = `That is muted already, until ${timeOf(same.until, now)}`;
    return { ...say(title, [describe(same, now)], [unmuteButton(same)]), beside: true };
  }
  const { name: by, personId } = sender;
  const fresh = { filter, from: now, until, because: command.because, personId, by };
  const number = Math.max(0, ...mutes.map((one) => one.number)) + 1;
  const after = { ...fresh, roomId, number };
  const meant = await meantBy(after, context);
  const reply: Reply = {
    view: mutedView(after, { silenced: meant.length, now }),
    changes: [{ kind: "alerting", change: { kind: "mute", mute: fresh } }],
    refresh: meant,
  };
  return onBoard(reply, { mutes: [...mutes, after] }, context);
}

function mutedView(
  mute: Mute,
  { silenced, now }: { readonly silenced: number; readonly now: number },
): NoticeView {
  return {
    kind: "notice",
    tone: "info",
    title: `Muted until ${timeOf(mute.until, now)}: ${whatOf(mute)}`,
    lines: [
      `It silences ${counted(silenced, "open alert")} now, and what comes until then. What is open at its end is told then.`,
    ],
    facts: [
      { title: "Mute", value: String(mute.number) },
      { title: "Because", value: mute.because },
    ],
    buttons: [unmuteButton(mute), MUTES],
  };
}
