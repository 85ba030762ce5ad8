import { formatFilter } from "../commands/format.ts";
import { boundTo, refuse } from "./bound.ts";
import { type Copy, copyOf, notReadYet } from "./copy.ts";
import { counted, dayOf, timeOf } from "./figures.ts";
import { filterInCopy } from "./plan.ts";
import type { Asked, Context, Reply } from "./reply.ts";
import { say } from "./say.ts";

/** The customers as a CSV file. Its rows are read while it is sent, so that it may be of any length. */
export async function replyExport(command: Asked<"export">, context: Context): Promise<Reply> {
  const plan = filterInCopy(command.filter, context.scope);
  if (plan.from !== "copy") return refuse(plan, context);
  const copy = await copyOf(context);
  if (copy.state === "empty") return notReadYet(command, context);
  const { snapshot, scope, clock, csv } = context;
  const now = clock();
  const query = {
    filter: plan.filter,
    ...(command.sort !== undefined && { sort: command.sort }),
    now,
  };
  const { total } = await snapshot.find(scope, { ...query, offset: 0, max: 1 });
  const { subpartner } = await boundTo(context);
  const about = [
    `Filter: ${formatFilter(command.filter) || "all customers"}.`,
    ...(subpartner === undefined ? [] : [`Sub-partner: ${subpartner}.`]),
    ...copy.notes,
  ];
  if (total === 0) return say("No customer matches, so there is no file", about, BUTTONS);
  const size = sizeOf(total, copy);
  return {
    ...say(size, [...about, "The file follows."], BUTTONS),
    file: {
      text: size,
      file: {
        name: `customers-${dayOf(now)}.csv`,
        type: "text/csv",
        content: () => csv(snapshot.stream(scope, query)),
      },
    },
  };
}

const BUTTONS = [{ title: "Summary", command: "summary" }] as const;

/** `1,204 customers, as of 15:02 UTC, complete` */
function sizeOf(rows: number, { freshness: { readAt, now } }: Copy): string {
  const asOf =
    readAt === undefined ? `as of ${timeOf(now, now)}, incomplete` : `as of ${timeOf(readAt, now)}, complete`;
  return `${counted(rows, "customer")}, ${asOf}`;
}
