import type { RoomAlertState } from "../alerting.ts";
import type { Alert } from "../alerts/alert.ts";
import { buildRefreshedView, isPossiblyAlertCard } from "../notices/present.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import type { View } from "./views.ts";

/** What a change that is not made yet will have made of things, so that the answer shows it. */
interface PendingChange {
  readonly alert?: (alert: Alert) => Alert;
  readonly mutes?: RoomAlertState["mutes"];
}

/** The numbers of the alerts that the pressed card is about; none where it was typed, or what was pressed is another card. */
export async function pressedAlertIds({ alerts, roomId, pressed }: ReplyContext): Promise<readonly number[]> {
  if (pressed === undefined || !isPossiblyAlertCard(pressed)) return [];
  return (await alerts.alertsOnCard(roomId, pressed.messageId)).map(({ alert }) => alert.id);
}

/** The card of alerts that was pressed, as it will be; undefined when what was pressed, if anything, is none. */
async function updatedAlertCard(
  { alert = same, mutes }: PendingChange,
  context: ReplyContext,
): Promise<View | undefined> {
  const { alerts, roomId, pressed, clock } = context;
  if (pressed === undefined || !isPossiblyAlertCard(pressed)) return undefined;
  const shown = await alerts.alertsOnCard(roomId, pressed.messageId);
  if (shown.length === 0) return undefined;
  const after = shown.map((one) => ({ ...one, alert: alert(one.alert) }));
  const desk = mutes === undefined ? await alerts.roomState(roomId) : { mutes };
  return buildRefreshedView(pressed, after, { desk, now: clock() });
}

/** The answer where a card of alerts was pressed: that very card. Where something else was, or it was typed: what it says. */
export async function answerOnAlertCard(
  reply: Reply,
  after: PendingChange,
  context: ReplyContext,
): Promise<Reply> {
  const board = await updatedAlertCard(after, context);
  return board === undefined ? answerBesideAlertCard(reply, context) : { ...reply, view: board };
}

/** An answer in words, which never takes the place of a card of alerts. */
export function answerBesideAlertCard(reply: Reply, { pressed }: Pick<ReplyContext, "pressed">): Reply {
  return pressed !== undefined && isPossiblyAlertCard(pressed) ? { ...reply, isSeparate: true } : reply;
}

const same = (alert: Alert) => alert;
