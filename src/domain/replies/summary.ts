import { describeFilter, format } from "../commands/format.ts";
import type { SummaryCommand } from "../commands/summary.ts";
import type { Term } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { boundSubpartner, noSourceReply, notReadYet, snapshotFilter, snapshotState } from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";

const IN_ERROR: Term = {
  field: "package.status",
  negated: false,
  values: [{ text: "error", prefix: false }],
};

export async function replySummary(command: SummaryCommand, context: ReplyContext): Promise<Reply> {
  const source = snapshotFilter(command.filter, context.scope);
  if (source.from !== "snapshot") return noSourceReply(source, context);
  const { state, freshness, notes } = await snapshotState(context);
  if (state === "empty") return notReadYet(command, context);
  const { filter } = command;
  const errors = [...filter.filter(({ field }) => field !== IN_ERROR.field), IN_ERROR];
  const list = { name: "customers", filter: errors, page: 1, max: PAGE_SIZE.usual, fresh: false } as const;
  return {
    view: {
      kind: "summary",
      filter: describeFilter(filter),
      summary: await context.snapshot.summary(context.scope, source.filter, context.clock()),
      ...(await boundSubpartner(context)),
      freshness,
      notes,
      buttons: [
        { title: "Show errors", command: format(list), main: true },
        { title: "Export", command: format({ name: "export", filter }) },
        { title: "Refresh", command: format(command) },
      ],
    },
  };
}
