import type { ExportCommand } from "../commands/export.ts";
import { describeFilter } from "../commands/format.ts";
import { formatCount, formatDay, formatTime } from "../views/text.ts";
import { csvReply } from "./csv-file.ts";
import {
  noSourceReply,
  notReadYet,
  type SnapshotState,
  snapshotFilter,
  snapshotState,
  subpartnerLines,
} from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

/** The customers as a CSV file. */
export async function replyExport(command: ExportCommand, context: ReplyContext): Promise<Reply> {
  const source = snapshotFilter(command.filter, context.scope);
  if (source.from !== "snapshot") return noSourceReply(source, context);
  const state = await snapshotState(context);
  if (state.state === "empty") return notReadYet(command, context);
  const { snapshot, scope, clock, csv } = context;
  const now = clock();
  const query = {
    filter: source.filter,
    ...(command.sort !== undefined && { sort: command.sort }),
    now,
  };
  const { total } = await snapshot.find(scope, { ...query, offset: 0, max: 1 });
  const about = [
    `Filter: ${describeFilter(command.filter) || "all customers"}.`,
    ...(await subpartnerLines(context)),
    ...state.notes,
  ];
  if (total === 0) return textReply("No customer matches, so there is no file", about, BUTTONS);
  return csvReply({
    title: exportTitle(total, state),
    about,
    buttons: BUTTONS,
    name: `customers-${formatDay(now)}.csv`,
    total,
    noun: "customer",
    rows: () => snapshot.stream(scope, query),
    write: csv,
    clock,
  });
}

const BUTTONS = [{ title: "Summary", command: "summary" }] as const;

/** `1,204 customers, as of 15:02 UTC, complete` */
function exportTitle(rows: number, { freshness: { readAt, now } }: SnapshotState): string {
  const asOf =
    readAt === undefined ? `as of ${formatTime(now, now)}, incomplete` : `as of ${formatTime(readAt, now)}, complete`;
  return `${formatCount(rows, "customer")}, ${asOf}`;
}
