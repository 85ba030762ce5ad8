import { z } from "zod";
import { httpError } from "../http/http-messages.ts";
import { applyCustomerChange, everyPackage, newCustomer } from "../world/customer-changes.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import { MAINTENANCE_ERROR, SAMPLE_ERRORS, type WireProblem } from "../world/sample-data.ts";
import type { World } from "../world/world.ts";
import { breakPackage, customerTitle, heal, healthyCustomers, packageToBreak } from "./break-and-heal.ts";
import { runRepeatedly, type ScenarioRunner } from "./scenario-runner.ts";

export interface ScenarioContext {
  readonly world: World;
  readonly runner: ScenarioRunner;
}

export const ScenarioParametersSchema = z.strictObject({
  /** An id or an externalId; a healthy customer when absent. */
  customer: z.string().optional(),
  package: z.string().optional(),
  code: z.int().optional(),
  description: z.string().optional(),
  n: z.int().min(1).max(100_000).optional(),
  /** The number of changes, or of calls that a fault affects. */
  times: z.int().min(1).max(100_000).optional(),
  everyMs: z.int().min(1).optional(),
  /** The number of changes a minute, and the duration. */
  perMinute: z.number().min(0.1).max(60_000).optional(),
  minutes: z.number().min(0.01).max(10_080).optional(),
  /** Seconds. */
  retryAfter: z.number().min(0).optional(),
});

export type ScenarioParameters = z.output<typeof ScenarioParametersSchema>;

/** The customer that a scenario changes. Throws an error 404 when there is none. */
export function targetCustomer(world: World, { customer }: ScenarioParameters): CustomerEntry {
  const [found] = customer === undefined ? healthyCustomers(world) : [world.customers.find(customer)];
  if (found) return found;
  throw httpError(404, customer === undefined ? "No customer is healthy." : "The customer could not be found.");
}

/** The requested error, or a random sample error. */
export function pickProblem(world: World, { code, description }: ScenarioParameters): WireProblem {
  const usual = SAMPLE_ERRORS[Math.floor(world.random() * SAMPLE_ERRORS.length)] ?? MAINTENANCE_ERROR;
  const known = SAMPLE_ERRORS.find(({ errorCode }) => errorCode === code);
  const problem = code === undefined ? usual : (known ?? { errorCode: code, description: `Error ${code}.` });
  return { ...problem, ...(description !== undefined && { description }) };
}

/** One package enters and leaves error. */
export function runFlap({ world, runner }: ScenarioContext, parameters: ScenarioParameters): readonly string[] {
  const { times = 6, everyMs = 45_000 } = parameters;
  const entry = targetCustomer(world, parameters);
  const { id } = entry.customer;
  const breakage = { package: parameters.package, problem: pickProblem(world, parameters) };
  const count = { startedAt: world.clock(), everyMs, count: times - 1 };
  runRepeatedly({ runner: runner, scenario: "flap" }, count, (turn) => {
    const now = world.customers.find(id);
    if (now) turn % 2 === 1 ? heal(world, now) : breakPackage(world, now, breakage);
  });
  return [breakPackage(world, entry, breakage)];
}

/** One package fails and is retried; only the last attempt succeeds. */
export function runRetry({ world, runner }: ScenarioContext, parameters: ScenarioParameters): readonly string[] {
  const { times = 2, everyMs = 60_000 } = parameters;
  const entry = targetCustomer(world, parameters);
  const { id } = entry.customer;
  const { package: name = packageToBreak(entry) } = parameters;
  const problem = pickProblem(world, parameters);
  const count = { startedAt: world.clock(), everyMs, count: 2 * times };
  runRepeatedly({ runner: runner, scenario: "retry" }, count, (turn) => {
    const end = turn < 2 * times ? { status: "error", errors: [problem] } : { status: "provisioned" };
    const change = turn % 2 === 1 ? { status: "provisioning" } : end;
    const now = world.customers.find(id);
    if (now) world.customers.replace(id, applyCustomerChange(now, { packages: { [name]: change } }));
  });
  return [breakPackage(world, entry, { package: name, problem })];
}

/** New customers are provisioned; one of them fails. */
export function runOnboarding(
  { world, runner }: ScenarioContext,
  { n = 3, everyMs = 60_000 }: ScenarioParameters,
): readonly string[] {
  const fresh = Array.from({ length: n }, () => {
    const next = world.customers.next();
    const entry = newCustomer(next, { packages: everyPackage(next, { status: "provisioning" }) });
    world.customers.add(entry);
    return entry;
  });
  runner.schedule("onboarding", world.clock() + everyMs, () => {
    for (const [at, entry] of fresh.entries()) finishOnboarding(world, entry, at < n - 1);
  });
  return fresh.map(customerTitle);
}

function finishOnboarding(world: World, { customer: { id } }: CustomerEntry, healthy: boolean): void {
  const entry = world.customers.find(id);
  if (!entry) return;
  const end = healthy ? { status: "provisioned" } : { status: "error", errors: [pickProblem(world, {})] };
  world.customers.replace(id, applyCustomerChange(entry, { packages: everyPackage(entry, end) }));
}
