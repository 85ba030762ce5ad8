import type { ChangesCommand } from "../commands/changes.ts";
import type { CustomerRef } from "../commands/customer-ref.ts";
import { format } from "../commands/format.ts";
import type { HistoryCommand } from "../commands/history.ts";
import type { Command } from "../commands/registry.ts";
import { titleOf } from "../customers/customer.ts";
import { joinRepeated, type ListedTransition, type Transition } from "../customers/transition.ts";
import { customerButton } from "../views/customer-button.ts";
import type { HistoryView } from "../views/views.ts";
import { boundSubpartner, notReadYet, snapshotState } from "./data-source.ts";
import { askWhichCustomer, chooseAmong, findRecords, fullTitleOf, notFound } from "./find-customer.ts";
import type { Reply, ReplyContext } from "./reply.ts";

const MAX_LINES = 20;
/** Changes of one item may share a line, so more are read than there are lines. */
const MAX_CHANGES = 200;

export async function replyHistory(command: HistoryCommand, context: ReplyContext): Promise<Reply> {
  const { ref } = command;
  if (ref === undefined) return askWhichCustomer("history", context);
  const [record, ...others] = await findRecords(ref, context);
  if (record === undefined) return historyOfRemoved(ref, command, context);
  const { customer, firstSeenAt } = record;
  if (others.length > 0) return chooseAmong([customer, ...others.map((other) => other.customer)], "history");
  const view = await historyView({ customerId: customer.id }, context);
  return {
    rows: [{ row: 1, customerId: customer.id, title: titleOf(customer) }],
    view: {
      ...view,
      title: fullTitleOf(customer),
      observedSince: firstSeenAt,
      buttons: [
        customerButton("Customer", customer, "customer", { main: true }),
        customerButton("Refresh", customer, "history"),
      ],
    },
  };
}

export async function replyChanges({ since }: ChangesCommand, context: ReplyContext): Promise<Reply> {
  const { state } = await snapshotState(context);
  if (state === "empty") return notReadYet({ name: "changes", since }, context);
  const from = context.clock() - since;
  const view = await historyView({ since: from }, context, { max: MAX_CHANGES, list: joinRepeated });
  return {
    view: {
      ...view,
      ...(await observedFrom(from, context)),
      buttons: [
        { title: "Refresh", command: format({ name: "changes", since }) },
        { title: "Summary", command: "summary" },
      ],
    },
  };
}

/**
 * Since when the history is certainly complete: `from`, or the oldest change in the snapshot when that is later. Empty before
 * the first complete sweep.
 */
async function observedFrom(from: number, context: ReplyContext): Promise<{ readonly observedSince?: number }> {
  const { snapshot, scope, clock } = context;
  const { state } = await snapshotState(context);
  if (state !== "complete") return {};
  const query = { filter: [], sort: "changed", offset: 0, max: 1, now: clock() };
  const { records } = await snapshot.find(scope, query);
  return { observedSince: Math.max(from, records[0]?.changedAt ?? from) };
}

/** The history of a removed customer is found by the API's id. */
async function historyOfRemoved(ref: CustomerRef, command: Command, context: ReplyContext): Promise<Reply> {
  if (ref.by === "any" || ref.by === "id") {
    const view = await historyView({ customerId: ref.value }, context);
    const [newest] = view.transitions;
    if (newest !== undefined) return { view: { ...view, title: newest.title } };
  }
  const { state } = await snapshotState(context);
  return state === "complete" ? notFound(ref, "history", context) : notReadYet(command, context);
}

interface HistoryListing {
  /** How many changes are read. */
  readonly max: number;
  readonly list: (transitions: readonly Transition[]) => readonly ListedTransition[];
}

const ONE_BY_ONE: HistoryListing = { max: MAX_LINES, list: (transitions) => transitions };

async function historyView(
  query: { readonly customerId?: string; readonly since?: number },
  context: ReplyContext,
  { max, list }: HistoryListing = ONE_BY_ONE,
): Promise<HistoryView> {
  const transitions = await context.snapshot.history(context.scope, { ...query, max: max + 1 });
  const listed = list(transitions.slice(0, max));
  return {
    kind: "history",
    transitions: listed.slice(0, MAX_LINES),
    hasMore: transitions.length > max || listed.length > MAX_LINES,
    ...(await boundSubpartner(context)),
    now: context.clock(),
    buttons: [],
  };
}
