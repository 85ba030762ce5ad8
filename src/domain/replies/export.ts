import type { ExportCommand } from "../commands/export.ts";
import { formatFilter } from "../commands/format.ts";
import { formatCount, formatDay, formatTime, textReply } from "../views/text.ts";
import {
  boundSubpartner,
  notReadYet,
  refusalReply,
  type SnapshotState,
  snapshotFilter,
  snapshotState,
} from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** The customers as a CSV file. Its rows are read while it is sent, so that it may be of any length. */
export async function replyExport(command: ExportCommand, context: ReplyContext): Promise<Reply> {
  const plan = snapshotFilter(command.filter, context.scope);
  if (plan.from !== "snapshot") return refusalReply(plan, context);
  const copy = await snapshotState(context);
  if (copy.state === "empty") return notReadYet(command, context);
  const { snapshot, scope, clock, csv } = context;
  const now = clock();
  const query = {
    filter: plan.filter,
    ...(command.sort !== undefined && { sort: command.sort }),
    now,
  };
  const { total } = await snapshot.find(scope, { ...query, offset: 0, max: 1 });
  const { subpartner } = await boundSubpartner(context);
  const about = [
    `Filter: ${formatFilter(command.filter) || "all customers"}.`,
    ...(subpartner === undefined ? [] : [`Sub-partner: ${subpartner}.`]),
    ...copy.notes,
  ];
  if (total === 0) return textReply("No customer matches, so there is no file", about, BUTTONS);
  const size = exportTitle(total, copy);
  return {
    ...textReply(size, [...about, "The file follows."], BUTTONS),
    file: {
      text: size,
      file: {
        name: `customers-${formatDay(now)}.csv`,
        type: "text/csv",
        content: () => csv(snapshot.stream(scope, query)),
      },
    },
  };
}

const BUTTONS = [{ title: "Summary", command: "summary" }] as const;

/** `1,204 customers, as of 15:02 UTC, complete` */
function exportTitle(rows: number, { freshness: { readAt, now } }: SnapshotState): string {
  const asOf =
    readAt === undefined ? `as of ${formatTime(now, now)}, incomplete` : `as of ${formatTime(readAt, now)}, complete`;
  return `${formatCount(rows, "customer")}, ${asOf}`;
}
