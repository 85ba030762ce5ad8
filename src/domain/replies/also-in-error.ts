import type { CustomersCommand } from "../commands/customers.ts";
import { format } from "../commands/format.ts";
import type { Filter, Term } from "../customers/filter.ts";
import { formatNumber } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { snapshotFilter, snapshotState } from "./data-source.ts";
import type { ReplyContext } from "./reply.ts";

/** A line about the customers that a list of `status=error` leaves out although a package of theirs is in error, and the list with them. */
export interface AlsoInError {
  readonly note: string;
  readonly button: Button;
}

/** Undefined where there are none, or the bot’s copy cannot tell, and for any other list or page. */
export async function findAlsoInError(
  command: CustomersCommand,
  context: ReplyContext,
): Promise<AlsoInError | undefined> {
  const { filter, page } = command;
  if (page > 1 || !filter.some(isError)) return undefined;
  const { snapshot, scope, clock } = context;
  const others = snapshotFilter(withStatus(filter, ["provisioned_with_errors"]), scope);
  if (others.from !== "snapshot" || (await snapshotState(context)).state !== "complete") return undefined;
  const { total } = await snapshot.find(scope, { filter: others.filter, offset: 0, max: 1, now: clock() });
  if (total === 0) return undefined;
  const all = { ...command, filter: withStatus(filter, ["error", "provisioned_with_errors"]), fresh: false };
  return {
    note: `${formatNumber(total)} more ${total === 1 ? "is" : "are"} provisioned with errors: a package is in error, not the customer itself.`,
    button: { title: "These as well", command: format(all) },
  };
}

const isError = ({ field, negated, values }: Term): boolean =>
  field === "status" && !negated && values.length > 0 && values.every(({ text }) => text === "error");

function withStatus(filter: Filter, statuses: readonly string[]): Filter {
  const values = statuses.map((text) => ({ text, prefix: false }));
  return filter.map((term) => (isError(term) ? { ...term, values } : term));
}
