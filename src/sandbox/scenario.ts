import { z } from "zod";
import { MAINTENANCE, PROBLEMS, type Problem } from "./catalogue.ts";
import { applyChange } from "./changes.ts";
import type { Entry } from "./customers.ts";
import { refuse } from "./exchange.ts";
import type { FaultOrder } from "./faults.ts";
import type { Steps } from "./steps.ts";
import { breakPackage, heal, someHealthy, titleOf, unwell } from "./unwell.ts";
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
  /** Seconds. */
  retryAfter: z.number().min(0).optional(),
});

export type Parameters = z.output<typeof ParametersSchema>;

interface Scenario {
  readonly description: string;
  /** Returns the customers that changed at once, as people call them. */
  readonly run: (stage: Stage, parameters: Parameters) => readonly string[];
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "break-one": {
    description: "One package of one healthy customer enters error.",
    run: ({ world }, parameters) => [
      breakPackage(world, subject(world, parameters), {
        package: parameters.package,
        problem: cause(world, parameters),
      }),
    ],
  },
  "heal-all": {
    description: "Everything that is in error is provisioned again.",
    run: ({ world }) => unwell(world).map((entry) => heal(world, entry)),
  },
  storm: {
    description: "25 customers (n) enter error at once, all for one cause.",
    run: ({ world }, parameters) => {
      const problem = cause(world, parameters);
      return someHealthy(world, parameters.n ?? 25).map((entry) => breakPackage(world, entry, { problem }));
    },
  },
  flap: {
    description: "One package enters and leaves error, 6 changes (times), one every 45 seconds (everyMs).",
    run: flap,
  },
  maintenance: {
    description: "Code 2560 on the Webex Calling of 40 customers (n), as on a bad maintenance night.",
    run: ({ world }, { n = 40 }) => {
      const harm = { package: "webex_calling", problem: MAINTENANCE };
      const hasCalling = ({ customer }: Entry) => customer.packages.includes(harm.package);
      return someHealthy(world, n, hasCalling).map((entry) => breakPackage(world, entry, harm));
    },
  },
  onboarding: {
    description:
      "3 new customers (n) are provisioned; a minute later (everyMs) all are done but one, which fails.",
    run: onboard,
  },
  "rate-limit": {
    description: "Both APIs answer the bot's next 10 calls (times) with 429 and Retry-After 5 (retryAfter).",
    run: (stage, { times = 10, retryAfter = 5 }) => fault(stage, { status: 429, retryAfter, times }),
  },
  "webex-down": {
    description: "Webex answers the bot with 503 until all-clear.",
    run: (stage) => fault(stage, { api: "webex", status: 503 }),
  },
  "wholesale-down": {
    description: "The Wholesale API answers with 503 until all-clear.",
    run: (stage) => fault(stage, { api: "wholesale", status: 503 }),
  },
  slow: {
    description: "Both APIs take 3 seconds to answer the bot, until all-clear.",
    run: (stage) => fault(stage, { delayMs: 3_000 }),
  },
  "lost-answers": {
    description: "The bot's next 3 messages (times) are posted, but it never gets the answer.",
    run: (stage, { times = 3 }) =>
      fault(stage, { api: "webex", path: "/messages", method: "POST", drop: true, times }),
  },
  "token-expired": {
    description: "The Wholesale API answers 401 until all-clear, as when a token has run out.",
    run: (stage) => fault(stage, { api: "wholesale", path: "/wholesale", status: 401 }),
  },
  "all-clear": {
    description: "No faults any more; stories under way stop.",
    run: ({ world, steps }) => {
      world.faults.clear();
      steps.stop();
      return [];
    },
  },
};

function fault({ world }: Stage, order: FaultOrder): readonly string[] {
  world.faults.add(order);
  return [];
}

function subject(world: World, { customer }: Parameters): Entry {
  const found = customer === undefined ? someHealthy(world, 1)[0] : world.customers.find(customer);
  if (found) return found;
  throw refuse(404, customer === undefined ? "No customer is healthy." : "The customer could not be found.");
}

function cause(world: World, { code, description }: Parameters): Problem {
  const usual = PROBLEMS[Math.floor(world.draw() * PROBLEMS.length)] ?? MAINTENANCE;
  const known = PROBLEMS.find(({ errorCode }) => errorCode === code);
  const problem = code === undefined ? usual : (known ?? { errorCode: code, description: `Error ${code}.` });
  return { ...problem, ...(description !== undefined && { description }) };
}

function flap({ world, steps }: Stage, parameters: Parameters): readonly string[] {
  const { times = 6, everyMs = 45_000 } = parameters;
  const entry = subject(world, parameters);
  const { id } = entry.customer;
  const harm = { package: parameters.package, problem: cause(world, parameters) };
  for (let turn = 1; turn < times; turn += 1) {
    steps.later("flap", turn * everyMs, () => {
      const now = world.customers.find(id);
      if (now) turn % 2 === 1 ? heal(world, now) : breakPackage(world, now, harm);
    });
  }
  return [breakPackage(world, entry, harm)];
}

function onboard({ world, steps }: Stage, { n = 3, everyMs = 60_000 }: Parameters): readonly string[] {
  const fresh = Array.from({ length: n }, () => {
    const next = world.customers.next();
    const packages = Object.fromEntries(
      next.customer.packages.map((name) => [name, { status: "provisioning", errors: null, warnings: null }]),
    );
    const entry = applyChange({ ...next, settled: false }, { packages, errors: null });
    world.customers.add(entry);
    return entry;
  });
  steps.later("onboarding", everyMs, () => {
    for (const [at, entry] of fresh.entries()) finish(world, entry, at < n - 1);
  });
  return fresh.map(titleOf);
}

function finish(world: World, { customer: { id, packages } }: Entry, well: boolean): void {
  const entry = world.customers.find(id);
  if (!entry) return;
  const end = well ? { status: "provisioned" } : { status: "error", errors: [cause(world, {})] };
  const change = { packages: Object.fromEntries(packages.map((name) => [name, end])) };
  world.customers.replace(id, applyChange(entry, change));
}
