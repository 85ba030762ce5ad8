import type { Alert } from "../alerts/alert.ts";
import { withoutHeldBack } from "../alerts/held-back.ts";
import { format } from "../commands/format.ts";
import { summaryCard } from "../notices/summary.ts";
import { isWanted } from "../notices/watch.ts";
import { boundTo } from "./bound.ts";
import { staleNotes } from "./copy.ts";
import type { Asked, Context, Reply } from "./reply.ts";

/** For whoever comes on duty: what this space watches, or, where it watches nothing, all that it may see. */
export async function replyHandover(command: Asked<"handover">, context: Context): Promise<Reply> {
  const { alerts, scope, roomId, clock } = context;
  const now = clock();
  const since = now - command.since;
  const { watches } = await alerts.desk(roomId);
  const known = [...(await alerts.since(scope, since)), ...(await alerts.active(scope))];
  const all = withoutHeldBack(byNumber(known));
  const meant =
    watches.length === 0 ? all : all.filter((alert) => watches.some((watch) => isWanted(watch, alert, now)));
  const view = summaryCard("Handover", meant, { since, now });
  const { subpartner } = await boundTo(context);
  const bound = subpartner === undefined ? [] : [`For ${subpartner}.`];
  return {
    view: {
      ...view,
      lines: [...(await staleNotes(context)), ...bound, ...view.lines],
      buttons: [...view.buttons, { title: "Refresh", command: format(command) }],
    },
  };
}

/** Each once, oldest first: what is active may have opened lately. */
function byNumber(alerts: readonly Alert[]): readonly Alert[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()].sort((a, b) => a.id - b.id);
}
