import { type CustomerRecord, statusesOf } from "../../src/domain/customers/record.ts";
import type { Churn } from "./churn.ts";
import type { DatabaseRows, TransitionRow } from "./database-rows.ts";

/** The history of one package or add-on, or of the customer itself (`*`). */
interface TransitionChain {
  readonly id: string;
  readonly item: string;
  readonly steps: readonly TransitionRow[];
}

interface TransitionError {
  readonly what: string;
  readonly id: string;
  readonly item: string;
  readonly step?: TransitionRow | undefined;
}

/** Every transition that cannot have happened, and every history that does not lead to the present status. */
export function transitionErrors(
  { steps, sweeps }: DatabaseRows,
  records: readonly CustomerRecord[],
  churn: Churn,
): readonly TransitionError[] {
  const present = new Map(records.map((record) => [record.customer.id, record]));
  const chains = chainsOf(steps);
  const firstSteps = new Map(chains.filter(({ item }) => item === "*").map(({ id, steps }) => [id, steps[0]]));
  const baselineAt = sweeps.find(({ state }) => state === "complete")?.endedAt ?? 0;
  const arrivals = new Map(
    churn.arrivalsAndDepartures.toReversed().map(({ id, from, delta }) => [id, delta === 1 ? from : 0]),
  );

  // The history of a customer of the first sweep does not begin with its creation.
  const isBaseline = (id: string) => firstSteps.get(id)?.fromStatus !== null;
  const known = [...chains, ...withoutSteps(records, chains)];
  return known.flatMap((chain) => [
    ...brokenLinks(chain),
    ...unknownStatuses(chain, churn),
    ...wrongStart(chain, isBaseline(chain.id)),
    ...wrongEnd(chain, present.get(chain.id)),
    ...(isBaseline(chain.id) && (arrivals.get(chain.id) ?? 0) > baselineAt
      ? [transitionError("creation is missing", chain)]
      : []),
  ]);
}

function chainsOf(steps: readonly TransitionRow[]): readonly TransitionChain[] {
  const chains = new Map<string, TransitionRow[]>();
  for (const step of steps) {
    const key = `${step.customerId} ${step.item}`;
    const chain = chains.get(key) ?? [];
    chain.push(step);
    chains.set(key, chain);
  }
  return [...chains.values()].flatMap((steps) => {
    const [first] = steps;
    return first === undefined ? [] : { id: first.customerId, item: first.item, steps };
  });
}

/** Packages and customers that never changed. */
function withoutSteps(
  records: readonly CustomerRecord[],
  chains: readonly TransitionChain[],
): readonly TransitionChain[] {
  const known = new Set(chains.map(({ id, item }) => `${id} ${item}`));
  return records.flatMap(({ customer }) =>
    [...statusesOf(customer).keys()]
      .filter((item) => !known.has(`${customer.id} ${item}`))
      .map((item) => ({ id: customer.id, item, steps: [] })),
  );
}

const transitionError = (what: string, { id, item }: TransitionChain, step?: TransitionRow): TransitionError => ({
  what,
  id,
  item,
  step,
});

function brokenLinks(chain: TransitionChain): readonly TransitionError[] {
  return chain.steps.flatMap((step, index) => {
    const previous = chain.steps[index - 1];
    if (step.fromStatus === step.toStatus) return transitionError("changes nothing", chain, step);
    if (previous === undefined) return [];
    if (previous.toStatus !== step.fromStatus)
      return transitionError("does not continue the previous step", chain, step);
    return previous.at > step.at ? transitionError("is older than the previous step", chain, step) : [];
  });
}

function unknownStatuses(chain: TransitionChain, { statusesOf: allStatuses }: Churn): readonly TransitionError[] {
  const statuses = allStatuses(chain.id, chain.item);
  return chain.steps
    .filter(({ fromStatus, toStatus }) =>
      [fromStatus, toStatus].some((status) => status !== null && !statuses.has(status)),
    )
    .map((step) => transitionError("never had this status", chain, step));
}

/** The first step of a customer that was added later has no previous status. */
function wrongStart(chain: TransitionChain, isBaseline: boolean): readonly TransitionError[] {
  const [first] = chain.steps;
  return isBaseline || first?.fromStatus === null ? [] : [transitionError("has no first step", chain, first)];
}

function wrongEnd(chain: TransitionChain, record: CustomerRecord | undefined): readonly TransitionError[] {
  const last = chain.steps.at(-1);
  if (last === undefined) return [];
  const status = statusesOf(record?.customer).get(chain.item) ?? null;
  if (last.toStatus !== status) return [transitionError(`does not end with ${status}`, chain, last)];
  const hasDate = status === null || record?.since[chain.item] === last.at;
  return hasDate ? [] : [transitionError("has another date", chain, last)];
}
