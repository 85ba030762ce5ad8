import type { Alert } from "../alerts/alert.ts";
import { MAX_MUTE_MS, type Mute, matchesFilter } from "../alerts/mute.ts";
import { describeFilter, format, formatFilter } from "../commands/format.ts";
import type { MuteCommand, UnmuteCommand } from "../commands/mute.ts";
import type { Filter, Term } from "../customers/filter.ts";
import type { FilterField } from "../customers/filter-fields.ts";
import type { RoomAlertState } from "../ports/alerting.ts";
import { alertTitle, formatCount, formatTime } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";
import { ALERTS_BUTTON, alertInRoom, unknownAlertLine } from "./ack.ts";
import { noSourceReply, snapshotFilter } from "./data-source.ts";
import { answerBesideAlertCard, answerOnAlertCard } from "./press-effect.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";
import { keptSearchNotes } from "./search-note.ts";
import { openAlerts } from "./space-alerts.ts";

/** Mutes a filter, or the customer and package of an alert, in this space (ALERTS 23). */
export async function replyMute(command: MuteCommand, context: ReplyContext): Promise<Reply> {
  const { target } = command;
  if (target === undefined) return chooseTarget(command, context);
  if (target.by === "alert") return muteAlert(target.alert, command, context);
  const source = snapshotFilter(target.filter, context.scope);
  return source.from === "snapshot" ? saveMute(target.filter, command, context) : noSourceReply(source, context);
}

/** Outside the thread of an alert, and in one about several. */
async function chooseTarget(command: MuteCommand, context: ReplyContext): Promise<Reply> {
  const { own } = await openAlerts(context);
  const because = command.because ?? NO_REASON;
  const buttons = own.slice(0, MAX_CHOICES).map((alert) => ({
    title: `${alert.id}: ${alertTitle(alert)}`,
    command: format({ ...command, target: { by: "alert", alert: alert.id }, because }),
  }));
  const lines = [
    own.length === 0 ? "No alert is open in this space." : "Choose an alert, or name one by its number.",
    'What matches a filter: mute package=webex_calling for=2h because="maintenance".',
  ];
  return answerBesideAlertCard(textReply("What shall be muted?", lines, buttons), context);
}

const MAX_CHOICES = 5;
const NO_REASON = "no reason given";

/** Two people who press at once, or a press that is processed twice, make one mute. */
const DUPLICATE_MS = 60_000;

/** By its customer and package, so that a later alert of the same is muted as well. */
async function muteAlert(number: number, command: MuteCommand, context: ReplyContext): Promise<Reply> {
  const alert = await alertInRoom(number, context);
  if (alert === undefined) return { ...textReply(unknownAlertLine(number), [], [ALERTS_BUTTON]), isSeparate: true };
  const filter = filterForAlert(alert);
  if (filter !== undefined) return saveMute(filter, command, context);
  const lines = ["Its customer has no external ID, organisation or name that a mute could match."];
  return { ...textReply(`Alert ${number} cannot be muted by itself`, lines), isSeparate: true };
}

/** Undefined when the customer has nothing that a filter can go by. */
function filterForAlert({ subject }: Alert): Filter | undefined {
  const fields = ["externalId", "orgId", "name"] as const;
  const field = fields.find((one) => subject[one] !== undefined);
  const value = field && subject[field];
  if (field === undefined || value === undefined) return undefined;
  // The subject holds only the item of the alert, and no item when the alert is about the customer itself.
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
    const title = `Already muted until ${formatTime(same.until, now)}`;
    return { ...textReply(title, [describeMute(same, now)], [unmuteButton(same)]), isSeparate: true };
  }
  const { name: by, personId } = sender;
  const mute = { filter, from: now, until, because: command.because ?? NO_REASON, personId, by };
  const number = Math.max(0, ...mutes.map((one) => one.number)) + 1;
  const numbered = { ...mute, roomId, number };
  const silenced = await mutedAlertIds(numbered, context);
  const notes = await keptSearchNotes(filter, context);
  const view = mutedView(numbered, { silenced: silenced.length, notes, now });
  return answerOnAlertCard({ view }, { change: { kind: "mute", mute }, mutes: [...mutes, numbered] }, context);
}

interface MuteEffect {
  /** The number of open alerts that it covers. */
  readonly silenced: number;
  readonly notes: readonly string[];
  readonly now: number;
}

function mutedView(mute: Mute, { silenced, notes, now }: MuteEffect): NoticeView {
  return {
    kind: "notice",
    tone: "info",
    title: `Muted until ${formatTime(mute.until, now)}: ${muteFilterText(mute)}`,
    lines: [
      ...notes,
      `It covers ${formatCount(silenced, "open alert")} now, and new ones until then. Alerts still open when it ends are sent then.`,
    ],
    facts: [
      { title: "Mute", value: String(mute.number) },
      { title: "Reason", value: mute.because },
    ],
    buttons: [{ ...unmuteButton(mute), title: "Undo" }, MUTES_BUTTON],
  };
}

/** The mutes of this space, each with a button that ends it. */
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

/** Ends a mute before its time; the space is then notified of alerts that are still open. */
export async function replyUnmute({ number }: UnmuteCommand, context: ReplyContext): Promise<Reply> {
  const now = context.clock();
  const { mutes } = await context.alerts.roomState(context.roomId);
  const active = activeMutes(mutes, now);
  if (active.length === 0) return { ...(await replyMutes(context)), isSeparate: true };
  const [only] = active;
  const mute = number === undefined && active.length === 1 ? only : active.find((one) => one.number === number);
  if (mute === undefined) {
    const title = number === undefined ? "Which mute?" : `There is no active mute ${number}`;
    const buttons = active.slice(0, 5).map(unmuteButton);
    return {
      ...textReply(title, ["Choose the one to end."], buttons),
      isSeparate: number !== undefined,
    };
  }
  const lines = [`${describeMute(mute, now)}. Alerts that it held back and that are still open are sent now.`];
  const reply = textReply(`Mute ${mute.number} has ended`, lines, [MUTES_BUTTON]);
  const change = { kind: "unmute", number: mute.number } as const;
  return answerOnAlertCard(reply, { change, mutes: mutes.filter((one) => one !== mute) }, context);
}

async function mutedAlertIds({ filter }: Pick<Mute, "filter">, context: ReplyContext): Promise<readonly number[]> {
  const { alerts, scope, clock } = context;
  const active = await alerts.active(scope);
  return active.filter((alert) => matchesFilter(filter, alert, clock())).map(({ id }) => id);
}

function activeMutes(mutes: RoomAlertState["mutes"], now: number): readonly Mute[] {
  return mutes.filter(({ from, until }) => from <= now && now < until);
}

function muteFilterText({ filter }: Pick<Mute, "filter">): string {
  return describeFilter(filter) || "everything";
}

function describeMute(mute: Mute, now: number): string {
  return `${muteFilterText(mute)} · until ${formatTime(mute.until, now)} · ${mute.by}: ${mute.because}`;
}

const MUTES_BUTTON: Button = { title: "Mutes", command: "mutes" };

const unmuteButton = ({ number }: Pick<Mute, "number">): Button => ({
  title: `Unmute ${number}`,
  command: format({ name: "unmute", number }),
});
