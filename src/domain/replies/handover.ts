import type { Alert } from "../alerts/alert.ts";
import { withoutInhibited } from "../alerts/held-back.ts";
import { format } from "../commands/format.ts";
import { buildActivityView } from "../notices/summary.ts";
import { isWatched } from "../notices/watch.ts";
import { boundSubpartner } from "./bound.ts";
import { staleNotes } from "./copy.ts";
import type { CommandOf, Reply, ReplyContext } from "./reply.ts";

/** For whoever comes on duty: what this space watches, or, where it watches nothing, all that it may see. */
export async function replyHandover(command: CommandOf<"handover">, context: ReplyContext): Promise<Reply> {
  const { alerts, scope, roomId, clock } = context;
  const now = clock();
  const since = now - command.since;
  const { watches } = await alerts.roomState(roomId);
  const known = [...(await alerts.changedSince(scope, since)), ...(await alerts.active(scope))];
  const all = withoutInhibited(uniqueById(known));
  const meant =
    watches.length === 0 ? all : all.filter((alert) => watches.some((watch) => isWatched(watch, alert, now)));
  const view = buildActivityView("Handover", meant, { since, now });
  const { subpartner } = await boundSubpartner(context);
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
function uniqueById(alerts: readonly Alert[]): readonly Alert[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()].sort((a, b) => a.id - b.id);
}
