import { buildAlertView } from "../alerts/alert-views.ts";
import { buildStory } from "../alerts/story.ts";
import type { AlertCommand } from "../commands/alert.ts";
import { format } from "../commands/format.ts";
import { ALERTS_BUTTON, alertInRoom, unknownAlertLine } from "./ack.ts";
import { replyAlerts } from "./alerts.ts";
import { staleNotes } from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

const MAX_TRANSITIONS = 200;

/** One alert with its story, as this space was told it (PRODUCT 2). */
export async function replyAlert(command: AlertCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, snapshot, scope, roomId, clock } = context;
  const { number } = command;
  // The word alone, outside of the thread of one alert.
  if (number === undefined) return replyAlerts({ name: "alerts", filter: [], page: 1 }, context);
  const alert = await alertInRoom(number, context);
  if (alert === undefined) return textReply(unknownAlertLine(number), [], [ALERTS_BUTTON]);
  const now = clock();
  const room = await alerts.roomState(roomId);
  const notified = room.notified.find(({ alertId }) => alertId === alert.id);
  const { customerId } = alert.key;
  const transitions = await snapshot.history(scope, { customerId, since: alert.openedAt, max: MAX_TRANSITIONS });
  const told = await alerts.toldMessages(roomId, alert.id);
  const story = buildStory(alert, { transitions, told, notifiedAt: notified?.notifiedAt });
  const stale = (await staleNotes(context)).map((value) => ({ title: "Note", value }));
  const facts = [
    ...(notified === undefined && told.length === 0 ? [{ title: "Told here", value: "no" }] : []),
    ...(notified === undefined || notified.reminded === 0
      ? []
      : [{ title: "Reminders", value: String(notified.reminded) }]),
    ...stale,
  ];
  const memory = await alerts.memoryOnCard([alert], now);
  const view = buildAlertView(alert, "current", { room, memory, now }, facts);
  const refresh = { title: "Refresh", command: format(command) };
  return { view: { ...view, story, buttons: [...view.buttons, refresh] } };
}
