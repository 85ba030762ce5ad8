import type { CustomerEntry } from "../world/customer-generator.ts";
import type { NewFault } from "../world/faults.ts";
import { MAINTENANCE_ERROR } from "../world/sample-data.ts";
import { breakMany, breakPackage, healAll } from "./break-and-heal.ts";
import { runChurn } from "./random-lifecycle.ts";
import {
  pickProblem,
  runFlap,
  runOnboarding,
  runRetry,
  type ScenarioContext,
  type ScenarioParameters,
  targetCustomer,
} from "./scenario-steps.ts";

interface Scenario {
  /** For people. */
  readonly title: string;
  readonly description: string;
  /** Returns the titles of the customers that it changed at once. */
  readonly run: (
    context: ScenarioContext,
    parameters: ScenarioParameters,
  ) => readonly string[] | Promise<readonly string[]>;
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "break-one": {
    title: "Break one",
    description: "One package of one healthy customer enters error.",
    run: ({ world }, parameters) => [
      breakPackage(world, targetCustomer(world, parameters), {
        package: parameters.package,
        problem: pickProblem(world, parameters),
      }),
    ],
  },
  "heal-all": {
    title: "Heal all customers",
    description: "Everything that is in error is provisioned again.",
    run: ({ world }) => healAll(world),
  },
  storm: {
    title: "Storm",
    description: "25 customers (n) enter error at once, all for one cause.",
    run: ({ world }, parameters) =>
      breakMany(world, { n: parameters.n ?? 25, breakage: { problem: pickProblem(world, parameters) } }),
  },
  flap: {
    title: "One flaps",
    description: "One package enters and leaves error, 6 changes (times), one every 45 seconds (everyMs).",
    run: runFlap,
  },
  retry: {
    title: "One is tried again",
    description:
      "One package fails and is tried again twice (times): a change a minute (everyMs), and all is well at the end.",
    run: runRetry,
  },
  maintenance: {
    title: "Maintenance night",
    description:
      "Code 2560 on the Webex Calling of 40 customers (n), and a maintenance of 2 hours on Webex Status, as on a bad night.",
    run: ({ world }, { n = 40 }) => {
      world.statusPage.add({ kind: "maintenance", name: "Webex Calling upgrade" });
      const breakage = { package: "webex_calling", problem: MAINTENANCE_ERROR };
      const hasCalling = ({ customer }: CustomerEntry) => customer.packages.includes(breakage.package);
      return breakMany(world, { n, breakage, fits: hasCalling });
    },
  },
  onboarding: {
    title: "New customers",
    description: "3 new customers (n) are provisioned; a minute later (everyMs) all are done but one, which fails.",
    run: runOnboarding,
  },
  churn: {
    title: "A busy day",
    description:
      "Packages fail, are tried again and recover, customers come and go: 30 changes a minute (perMinute) for 10 minutes.",
    run: runChurn,
  },
  "rate-limit": {
    title: "Rate limit",
    description: "Both APIs answer the bot's next 10 calls (times) with 429 and Retry-After 5 (retryAfter).",
    run: (context, { times = 10, retryAfter = 5 }) => addFault(context, { status: 429, retryAfter, times }),
  },
  "webex-down": {
    title: "Webex is down",
    description: "Webex answers the bot with 503 until all-clear.",
    run: (context) => addFault(context, { api: "webex", status: 503 }),
  },
  slow: {
    title: "Both APIs are slow",
    description: "Both APIs take 3 seconds to answer the bot, until all-clear.",
    run: (context) => addFault(context, { delayMs: 3_000 }),
  },
  "lost-answers": {
    title: "Answers get lost",
    description: "The bot's next 3 messages (times) are posted, but it never gets the answer.",
    run: (context, { times = 3 }) =>
      addFault(context, { api: "webex", path: "/messages", method: "POST", drop: true, times }),
  },
  "blind-401": {
    title: "Token refused",
    description: "The Wholesale API refuses the bot's token with 401, until all-clear.",
    run: (context) => addFault(context, { api: "wholesale", path: "/wholesale", status: 401 }),
  },
  "blind-503": {
    title: "Outage",
    description: "The Wholesale API answers the bot with 503, until all-clear.",
    run: (context) => addFault(context, { api: "wholesale", path: "/wholesale", status: 503 }),
  },
  "blind-empty": {
    title: "Empty list",
    description: "The list of customers answers 200 and is empty, until all-clear; each one is still there by its id.",
    run: (context) => addFault(context, { lie: "empty" }),
  },
  "blind-half": {
    title: "Half a list",
    description: "The list of customers ends after its first half, as if that were all, until all-clear.",
    run: (context) => addFault(context, { lie: "half" }),
  },
  "all-clear": {
    title: "All clear",
    description: "Ends all faults, running scenarios, and what Webex Status tells.",
    run: ({ world, runner }) => {
      world.faults.clear();
      world.statusPage.clear();
      runner.stop();
      return [];
    },
  },
};

function addFault({ world }: ScenarioContext, order: NewFault): readonly string[] {
  world.faults.add(order);
  return [];
}
