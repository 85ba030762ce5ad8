import type { Customer } from "../domain/customers/customer.ts";
import { FULL_PACE, nextPace, type Scope } from "../domain/customers/sweep.ts";
import type { WalkPage, WholesaleWalk } from "../domain/wholesale.ts";
import { Failure } from "../errors.ts";

export interface Walking {
  readonly walk: WholesaleWalk;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

export interface List {
  readonly offset: number;
  readonly status?: string;
}

/** A last page may be empty although it was announced; this many of them are no list any more. */
const EMPTY_PAGES = 3;

/** Every page of a list from `offset` on, in the sizes that the API bears. A customer is on a page once, as it stood there last. */
export async function* pagesOf(
  { walk, scope, signal }: Walking,
  { offset, ...list }: List,
): AsyncGenerator<WalkPage> {
  let pace = FULL_PACE;
  let last = "";
  let empty = 0;
  for (let from = offset, hasMore = true; hasMore; ) {
    signal.throwIfAborted();
    const page = await walk.page(scope, { ...list, offset: from, max: pace.max }, signal);
    const customers = once(page.customers);
    const ids = customers.map(({ id }) => id).join();
    empty = customers.length + page.unreadable === 0 ? empty + 1 : 0;
    if (empty > EMPTY_PAGES || (ids !== "" && ids === last)) throw goesRound();
    yield { ...page, customers };
    pace = nextPace(pace, page.max);
    last = ids;
    from = page.nextOffset;
    hasMore = page.hasMore;
  }
}

function once(customers: readonly Customer[]): readonly Customer[] {
  return [...new Map(customers.map((customer) => [customer.id, customer])).values()];
}

function goesRound(): Failure {
  const fix = "Check WHOLESALE_API_URL; if it is right, report this with the time at which it happened.";
  return new Failure("wholesale.unexpected", "The list of customers goes on, but brings nothing new.", fix);
}
