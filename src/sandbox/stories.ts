import { z } from "zod";
import { MAINTENANCE, PROBLEMS, type Problem } from "./catalogue.ts";
import { applyChange, everyPackage, freshEntry } from "./changes.ts";
import type { Entry } from "./customers.ts";
import { refuse } from "./exchange.ts";
import { type Steps, takeTurns } from "./steps.ts";
import { breakPackage, heal, healthy, titleOf, weakest } from "./unwell.ts";
import type { World } from "./world.ts";

export interface Stage {
  readonly world: World;
  readonly steps: Steps;
}

export const ParametersSchema = z.strictObject({
  /** An id or an externalId; one that is well when absent. */
  customer: z.string().optional(),
  package: z.string().optional(),
  code: z.int().optional(),
  description: z.string().optional(),
  /** How many customers. */
  n: z.int().min(1).max(100_000).optional(),
  /** How many changes, or how many calls a fault strikes. */
  times: z.int().min(1).max(100_000).optional(),
  everyMs: z.int().min(1).optional(),
  /** How many changes a minute, and for how long. */
  perMinute: z.number().min(0.1).max(60_000).optional(),
  minutes: z.number().min(0.01).max(10_080).optional(),
  /** Seconds. */
  retryAfter: z.number().min(0).optional(),
});

export type Parameters = z.output<typeof ParametersSchema>;

/** The customer that a story is about. */
export function subject(world: World, { customer }: Parameters): Entry {
  const [found] = customer === undefined ? healthy(world) : [world.customers.find(customer)];
  if (found) return found;
  throw refuse(404, customer === undefined ? "No customer is healthy." : "The customer could not be found.");
}

/** What is to be wrong: the code that was asked for, or one of the usual. */
export function cause(world: World, { code, description }: Parameters): Problem {
  const usual = PROBLEMS[Math.floor(world.draw() * PROBLEMS.length)] ?? MAINTENANCE;
  const known = PROBLEMS.find(({ errorCode }) => errorCode === code);
  const problem = code === undefined ? usual : (known ?? { errorCode: code, description: `Error ${code}.` });
  return { ...problem, ...(description !== undefined && { description }) };
}

/** One package that cannot make up its mind. */
export function flap({ world, steps }: Stage, parameters: Parameters): readonly string[] {
  const { times = 6, everyMs = 45_000 } = parameters;
  const entry = subject(world, parameters);
  const { id } = entry.customer;
  const harm = { package: parameters.package, problem: cause(world, parameters) };
  const turns = { began: world.clock(), everyMs, turns: times - 1 };
  takeTurns({ steps, story: "flap" }, turns, (turn) => {
    const now = world.customers.find(id);
    if (now) turn % 2 === 1 ? heal(world, now) : breakPackage(world, now, harm);
  });
  return [breakPackage(world, entry, harm)];
}

/** One package that fails and is tried again and again, each time in vain but for the last. */
export function retry({ world, steps }: Stage, parameters: Parameters): readonly string[] {
  const { times = 2, everyMs = 60_000 } = parameters;
  const entry = subject(world, parameters);
  const { id } = entry.customer;
  const { package: name = weakest(entry) } = parameters;
  const problem = cause(world, parameters);
  const turns = { began: world.clock(), everyMs, turns: 2 * times };
  takeTurns({ steps, story: "retry" }, turns, (turn) => {
    const end = turn < 2 * times ? { status: "error", errors: [problem] } : { status: "provisioned" };
    const change = turn % 2 === 1 ? { status: "provisioning" } : end;
    const now = world.customers.find(id);
    if (now) world.customers.replace(id, applyChange(now, { packages: { [name]: change } }));
  });
  return [breakPackage(world, entry, { package: name, problem })];
}

/** New customers, and what becomes of them. */
export function onboard({ world, steps }: Stage, { n = 3, everyMs = 60_000 }: Parameters): readonly string[] {
  const fresh = Array.from({ length: n }, () => {
    const next = world.customers.next();
    const entry = freshEntry(next, { packages: everyPackage(next, { status: "provisioning" }) });
    world.customers.add(entry);
    return entry;
  });
  steps.at("onboarding", world.clock() + everyMs, () => {
    for (const [at, entry] of fresh.entries()) finish(world, entry, at < n - 1);
  });
  return fresh.map(titleOf);
}

function finish(world: World, { customer: { id } }: Entry, well: boolean): void {
  const entry = world.customers.find(id);
  if (!entry) return;
  const end = well ? { status: "provisioned" } : { status: "error", errors: [cause(world, {})] };
  world.customers.replace(id, applyChange(entry, { packages: everyPackage(entry, end) }));
}
