import type { Desk } from "../alerting.ts";
import type { Alert } from "../alerts/alert.ts";
import { boardOf, mayBeBoard } from "../notices/present.ts";
import type { Context, Reply } from "./reply.ts";
import type { View } from "./views.ts";

/** What a change that is not made yet will have made of things, so that the answer shows it. */
interface After {
  readonly alert?: (alert: Alert) => Alert;
  readonly mutes?: Desk["mutes"];
}

/** The numbers of the alerts that the pressed card is about; none where it was typed, or what was pressed is another card. */
export async function shownOnBoard({ alerts, roomId, pressed }: Context): Promise<readonly number[]> {
  if (pressed === undefined || !mayBeBoard(pressed)) return [];
  return (await alerts.shownOn(roomId, pressed.messageId)).map(({ alert }) => alert.id);
}

/** The card of alerts that was pressed, as it will be; undefined when what was pressed, if anything, is none. */
async function pressedBoard({ alert = same, mutes }: After, context: Context): Promise<View | undefined> {
  const { alerts, roomId, pressed, clock } = context;
  if (pressed === undefined || !mayBeBoard(pressed)) return undefined;
  const shown = await alerts.shownOn(roomId, pressed.messageId);
  if (shown.length === 0) return undefined;
  const after = shown.map((one) => ({ ...one, alert: alert(one.alert) }));
  const desk = mutes === undefined ? await alerts.desk(roomId) : { mutes };
  return boardOf(pressed, after, { desk, now: clock() });
}

/** The answer where a card of alerts was pressed: that very card. Where something else was, or it was typed: what it says. */
export async function onBoard(reply: Reply, after: After, context: Context): Promise<Reply> {
  const board = await pressedBoard(after, context);
  return board === undefined ? besideBoard(reply, context) : { ...reply, view: board };
}

/** An answer in words, which never takes the place of a card of alerts. */
export function besideBoard(reply: Reply, { pressed }: Pick<Context, "pressed">): Reply {
  return pressed !== undefined && mayBeBoard(pressed) ? { ...reply, beside: true } : reply;
}

const same = (alert: Alert) => alert;
