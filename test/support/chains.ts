import type { CustomerRecord } from "../../src/domain/customers/record.ts";
import { statusesOf } from "../../src/domain/customers/record.ts";
import type { Churn } from "./churn.ts";
import type { Ledger, Step } from "./ledger.ts";

/** The history of one package or add-on, or, as `*`, of a customer itself. */
interface Chain {
  readonly id: string;
  readonly item: string;
  readonly steps: readonly Step[];
}

interface Flaw {
  readonly what: string;
  readonly id: string;
  readonly item: string;
  readonly step?: Step | undefined;
}

/** Every step of the history that cannot have happened, and every history that does not lead to what is there now. */
export function flawsIn(
  { steps, sweeps }: Ledger,
  records: readonly CustomerRecord[],
  churn: Churn,
): readonly Flaw[] {
  const present = new Map(records.map((record) => [record.customer.id, record]));
  const chains = chainsOf(steps);
  const births = new Map(chains.filter(({ item }) => item === "*").map(({ id, steps }) => [id, steps[0]]));
  const baselineAt = sweeps.find(({ state }) => state === "complete")?.endedAt ?? 0;
  const arrivals = new Map(churn.comings.toReversed().map(({ id, from, by }) => [id, by === 1 ? from : 0]));

  // Whoever was there before everybody was read for the first time was never born, as far as the bot knows.
  const isBaseline = (id: string) => births.get(id)?.fromStatus !== null;
  const known = [...chains, ...withoutSteps(records, chains)];
  return known.flatMap((chain) => [
    ...brokenLinks(chain),
    ...neverSo(chain, churn),
    ...wrongStart(chain, isBaseline(chain.id)),
    ...wrongEnd(chain, present.get(chain.id)),
    ...(isBaseline(chain.id) && (arrivals.get(chain.id) ?? 0) > baselineAt
      ? [flaw("came unseen", chain)]
      : []),
  ]);
}

function chainsOf(steps: readonly Step[]): readonly Chain[] {
  const chains = new Map<string, Step[]>();
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
function withoutSteps(records: readonly CustomerRecord[], chains: readonly Chain[]): readonly Chain[] {
  const known = new Set(chains.map(({ id, item }) => `${id} ${item}`));
  return records.flatMap(({ customer }) =>
    [...statusesOf(customer).keys()]
      .filter((item) => !known.has(`${customer.id} ${item}`))
      .map((item) => ({ id: customer.id, item, steps: [] })),
  );
}

const flaw = (what: string, { id, item }: Chain, step?: Step): Flaw => ({ what, id, item, step });

function brokenLinks(chain: Chain): readonly Flaw[] {
  return chain.steps.flatMap((step, index) => {
    const previous = chain.steps[index - 1];
    if (step.fromStatus === step.toStatus) return flaw("stands still", chain, step);
    if (previous === undefined) return [];
    if (previous.toStatus !== step.fromStatus) return flaw("does not go on where it was", chain, step);
    return previous.at > step.at ? flaw("goes back in time", chain, step) : [];
  });
}

function neverSo(chain: Chain, { had }: Churn): readonly Flaw[] {
  const statuses = had(chain.id, chain.item);
  return chain.steps
    .filter(({ fromStatus, toStatus }) =>
      [fromStatus, toStatus].some((status) => status !== null && !statuses.has(status)),
    )
    .map((step) => flaw("was never so", chain, step));
}

/** Of a customer that came later, everything begins with nothing. */
function wrongStart(chain: Chain, isBaseline: boolean): readonly Flaw[] {
  const [first] = chain.steps;
  return isBaseline || first?.fromStatus === null ? [] : [flaw("has no beginning", chain, first)];
}

function wrongEnd(chain: Chain, record: CustomerRecord | undefined): readonly Flaw[] {
  const last = chain.steps.at(-1);
  if (last === undefined) return [];
  const status = statusesOf(record?.customer).get(chain.item) ?? null;
  if (last.toStatus !== status) return [flaw(`ends otherwise than with ${status}`, chain, last)];
  const isDated = status === null || record?.since[chain.item] === last.at;
  return isDated ? [] : [flaw("is dated otherwise", chain, last)];
}
