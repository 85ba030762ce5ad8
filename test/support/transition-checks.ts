import { type CustomerRecord, statusesOf } from "../../src/domain/customers/record.ts";
import type { Churn } from "./churn.ts";
import type { DatabaseRows, TransitionRow } from "./database-rows.ts";

/** The history of one package or add-on, or, as `*`, of a customer itself. */
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

/** Every step of the history that cannot have happened, and every history that does not lead to what is there now. */
export function transitionErrors(
  { steps, sweeps }: DatabaseRows,
  records: readonly CustomerRecord[],
  churn: Churn,
): readonly TransitionError[] {
  const present = new Map(records.map((record) => [record.customer.id, record]));
  const chains = chainsOf(steps);
  const births = new Map(chains.filter(({ item }) => item === "*").map(({ id, steps }) => [id, steps[0]]));
  const baselineAt = sweeps.find(({ state }) => state === "complete")?.endedAt ?? 0;
  const arrivals = new Map(
    churn.arrivalsAndDepartures.toReversed().map(({ id, from, delta }) => [id, delta === 1 ? from : 0]),
  );

  // Whoever was there before everybody was read for the first time was never born, as far as the bot knows.
  const isBaseline = (id: string) => births.get(id)?.fromStatus !== null;
  const known = [...chains, ...withoutSteps(records, chains)];
  return known.flatMap((chain) => [
    ...brokenLinks(chain),
    ...unknownStatuses(chain, churn),
    ...wrongStart(chain, isBaseline(chain.id)),
    ...wrongEnd(chain, present.get(chain.id)),
    ...(isBaseline(chain.id) && (arrivals.get(chain.id) ?? 0) > baselineAt
      ? [transitionError("came unseen", chain)]
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

/** What is there and never changed. */
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
    if (step.fromStatus === step.toStatus) return transitionError("stands still", chain, step);
    if (previous === undefined) return [];
    if (previous.toStatus !== step.fromStatus) return transitionError("does not go on where it was", chain, step);
    return previous.at > step.at ? transitionError("goes back in time", chain, step) : [];
  });
}

function unknownStatuses(chain: TransitionChain, { statusesOf: had }: Churn): readonly TransitionError[] {
  const statuses = had(chain.id, chain.item);
  return chain.steps
    .filter(({ fromStatus, toStatus }) =>
      [fromStatus, toStatus].some((status) => status !== null && !statuses.has(status)),
    )
    .map((step) => transitionError("was never so", chain, step));
}

/** Of a customer that came later, everything begins with nothing. */
function wrongStart(chain: TransitionChain, isBaseline: boolean): readonly TransitionError[] {
  const [first] = chain.steps;
  return isBaseline || first?.fromStatus === null ? [] : [transitionError("has no beginning", chain, first)];
}

function wrongEnd(chain: TransitionChain, record: CustomerRecord | undefined): readonly TransitionError[] {
  const last = chain.steps.at(-1);
  if (last === undefined) return [];
  const status = statusesOf(record?.customer).get(chain.item) ?? null;
  if (last.toStatus !== status) return [transitionError(`ends otherwise than with ${status}`, chain, last)];
  const isDated = status === null || record?.since[chain.item] === last.at;
  return isDated ? [] : [transitionError("is dated otherwise", chain, last)];
}
