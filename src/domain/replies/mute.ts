import type { Alert } from "../alerts/alert.ts";
import { MAX_MUTE_MS, type Mute } from "../alerts/mute.ts";
import type { MuteCommand } from "../commands/command.ts";
import { formatFilter } from "../commands/format.ts";
import type { Filter, FilterField, Term } from "../customers/filter.ts";
import { ALERTS_BUTTON, alertInRoom, unknownAlertLine } from "./ack.ts";
import { refusalReply } from "./bound.ts";
import { formatCount, formatTime } from "./figures.ts";
import {
  activeMutes,
  describeMute,
  MUTES_BUTTON,
  mutedAlertIds,
  muteFilterText,
  unmuteButton,
} from "./mutes.ts";
import { snapshotFilter } from "./plan.ts";
import { answerOnAlertCard } from "./pressed-board.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { textReply } from "./say.ts";
import type { NoticeView } from "./views.ts";

/** Keeps a space quiet about something for a while (ALERTS 23). */
export async function replyMute(command: MuteCommand, context: ReplyContext): Promise<Reply> {
  const { target } = command;
  if (target.by === "alert") return muteAlert(target.alert, command, context);
  const plan = snapshotFilter(target.filter, context.scope);
  return plan.from === "snapshot" ? saveMute(target.filter, command, context) : refusalReply(plan, context);
}

/** Two people who press at once, and a press that is answered again, want one mute and not two. */
const DUPLICATE_MS = 60_000;

/** By its customer and package, so that a later alert of the same is covered as well. */
async function muteAlert(number: number, command: MuteCommand, context: ReplyContext): Promise<Reply> {
  const alert = await alertInRoom(number, context);
  if (alert === undefined)
    return { ...textReply(unknownAlertLine(number), [], [ALERTS_BUTTON]), isSeparate: true };
  const filter = filterForAlert(alert);
  if (filter !== undefined) return saveMute(filter, command, context);
  const lines = ["Its customer has no external ID, organisation or name that a mute could go by."];
  return { ...textReply(`Alert ${number} cannot be muted by itself`, lines), isSeparate: true };
}

/** Undefined where no filter means this customer alone. */
function filterForAlert({ subject }: Alert): Filter | undefined {
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

async function saveMute(filter: Filter, command: MuteCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, roomId, sender, clock } = context;
  const now = clock();
  const until = now + Math.min(command.durationMs, MAX_MUTE_MS);
  const { mutes } = await alerts.roomState(roomId);
  const same = activeMutes(mutes, now).find(
    (one) => one.until >= until - DUPLICATE_MS && formatFilter(one.filter) === formatFilter(filter),
  );
  if (same !== undefined) {
    const title = `That is muted already, until ${formatTime(same.until, now)}`;
    return { ...textReply(title, [describeMute(same, now)], [unmuteButton(same)]), isSeparate: true };
  }
  const { name: by, personId } = sender;
  const fresh = { filter, from: now, until, because: command.because, personId, by };
  const number = Math.max(0, ...mutes.map((one) => one.number)) + 1;
  const after = { ...fresh, roomId, number };
  const meant = await mutedAlertIds(after, context);
  const reply: Reply = {
    view: mutedView(after, { silenced: meant.length, now }),
    changes: [{ kind: "alerting", change: { kind: "mute", mute: fresh } }],
    refreshAlerts: meant,
  };
  return answerOnAlertCard(reply, { mutes: [...mutes, after] }, context);
}

function mutedView(
  mute: Mute,
  { silenced, now }: { readonly silenced: number; readonly now: number },
): NoticeView {
  return {
    kind: "notice",
    tone: "info",
    title: `Muted until ${formatTime(mute.until, now)}: ${muteFilterText(mute)}`,
    lines: [
      `It silences ${formatCount(silenced, "open alert")} now, and what comes until then. What is open at its end is told then.`,
    ],
    facts: [
      { title: "Mute", value: String(mute.number) },
      { title: "Because", value: mute.because },
    ],
    buttons: [unmuteButton(mute), MUTES_BUTTON],
  };
}
