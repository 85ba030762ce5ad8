import { withoutInhibited } from "../alerts/alert.ts";
import { groupButtons, groupByCode } from "../alerts/alert-views.ts";
import { commonCause } from "../alerts/error-codes.ts";
import { matchesFilter } from "../alerts/mute.ts";
import type { AlertsCommand } from "../commands/alerts.ts";
import { format, formatFilter } from "../commands/format.ts";
import { formatCount } from "../views/text.ts";
import type { AlertsView, Button } from "../views/views.ts";
import { noSourceReply, snapshotFilter, staleNotes, subpartnerLines } from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";

const PAGE = 10;

/** The open alerts of this space, grouped by code (PRODUCT 2). */
export async function replyAlerts(command: AlertsCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, scope, clock } = context;
  const source = snapshotFilter(command.filter, scope);
  if (source.from !== "snapshot") return noSourceReply(source, context);
  const now = clock();
  const open = withoutInhibited(await alerts.active(scope)).filter((alert) =>
    matchesFilter(command.filter, alert, now),
  );
  const start = (command.page - 1) * PAGE;
  const shown = open.slice(start, start + PAGE);
  const taken = open.filter(({ ack }) => ack !== undefined).length;
  const filter = formatFilter(command.filter);
  const view: AlertsView = {
    kind: "alerts",
    tone: open.length > 0 ? "bad" : "good",
    marks: {},
    now,
    title: open.length === 0 ? "No open alerts" : `${formatCount(open.length, "open alert")}, ${taken} acknowledged`,
    lines: [
      ...(await staleNotes(context)),
      ...(filter === "" ? [] : [`Filter: ${filter}`]),
      ...(await subpartnerLines(context)),
      ...(command.page === 1 ? [] : [`Page ${command.page}`]),
    ],
    groups: groupByCode(shown),
    more: Math.max(0, open.length - start - shown.length),
    buttons: [
      ...pageButtons(command, { hasMore: open.length > start + PAGE }),
      ...groupButtons(shown, commonCause(open)).slice(1),
      { title: "Refresh", command: format(command) },
    ],
  };
  return { view };
}

function pageButtons(command: AlertsCommand, { hasMore }: { readonly hasMore: boolean }): readonly Button[] {
  const to = (page: number) => format({ ...command, page });
  return [
    ...(command.page > 1 ? [{ title: "‹ Prev", command: to(command.page - 1) }] : []),
    ...(hasMore ? [{ title: "Next ›", command: to(command.page + 1) }] : []),
  ];
}
