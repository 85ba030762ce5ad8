import { withoutHeldBack } from "../alerts/held-back.ts";
import { isMeant } from "../alerts/mute.ts";
import { format, formatFilter } from "../commands/format.ts";
import { byCode } from "../notices/board.ts";
import { crowdButtons } from "../notices/buttons.ts";
import { commonCause } from "../notices/group.ts";
import { boundTo, refuse } from "./bound.ts";
import { staleNotes } from "./copy.ts";
import { counted } from "./figures.ts";
import { filterInCopy } from "./plan.ts";
import type { Asked, Context, Reply } from "./reply.ts";
import type { AlertsView, Button } from "./views.ts";

const PAGE = 10;

/** The open alerts that this space may know, by code (PRODUCT 2). */
export async function replyAlerts(command: Asked<"alerts">, context: Context): Promise<Reply> {
  const { alerts, scope, clock } = context;
  const plan = filterInCopy(command.filter, scope);
  if (plan.from !== "copy") return refuse(plan, context);
  const now = clock();
  const open = withoutHeldBack(await alerts.active(scope)).filter((alert) =>
    isMeant(command.filter, alert, now),
  );
  const from = (command.page - 1) * PAGE;
  const shown = open.slice(from, from + PAGE);
  const { subpartner } = await boundTo(context);
  const taken = open.filter(({ ack }) => ack !== undefined).length;
  const filter = formatFilter(command.filter);
  const view: AlertsView = {
    kind: "alerts",
    tone: open.length > 0 ? "bad" : "good",
    marks: {},
    now,
    title:
      open.length === 0 ? "Nothing is in error" : `${counted(open.length, "open alert")}, ${taken} taken`,
    lines: [
      ...(await staleNotes(context)),
      ...(filter === "" ? [] : [`Filter: ${filter}`]),
      ...(subpartner === undefined ? [] : [`For ${subpartner}.`]),
      ...(command.page === 1 ? [] : [`Page ${command.page}`]),
    ],
    groups: byCode(shown),
    more: Math.max(0, open.length - from - shown.length),
    buttons: [
      ...turning(command, { hasMore: open.length > from + PAGE }),
      ...crowdButtons(shown, commonCause(open)).slice(1),
      { title: "Refresh", command: format(command) },
    ],
  };
  return { view };
}

function turning(command: Asked<"alerts">, { hasMore }: { readonly hasMore: boolean }): readonly Button[] {
  const to = (page: number) => format({ ...command, page });
  return [
    ...(command.page > 1 ? [{ title: "‹ Prev", command: to(command.page - 1) }] : []),
    ...(hasMore ? [{ title: "Next ›", command: to(command.page + 1) }] : []),
  ];
}
