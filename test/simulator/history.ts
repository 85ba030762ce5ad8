import { createRandom, pickRandom, type Random } from "../../src/sandbox/world/random.ts";
import type { NetworkFault } from "./faults.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A change to the world or to what surrounds the bot. Plain data, so that a history can be printed, shortened and played again. */
export type Action =
  /** A package of the customer at a place gets a status; `item` counts its packages. */
  | {
      readonly kind: "package";
      readonly place: number;
      readonly item: number;
      readonly status: string;
      readonly code?: number;
    }
  | { readonly kind: "add-on"; readonly place: number; readonly status: string; readonly code?: number }
  /** The first packages of so many customers fail with one code, from a place on. */
  | { readonly kind: "storm"; readonly place: number; readonly count: number; readonly code: number }
  | { readonly kind: "heal all" }
  | { readonly kind: "remove customer"; readonly place: number }
  | { readonly kind: "remove package"; readonly place: number; readonly item: number }
  | { readonly kind: "add customer" }
  /** The list of customers lies for a while, although its status is 200. */
  | { readonly kind: "lie"; readonly lie: "empty" | "half"; readonly forMs: number }
  | { readonly kind: "fault"; readonly fault: NetworkFault; readonly forMs: number }
  | { readonly kind: "full disk"; readonly forMs: number }
  /** The process ends before this statement, counted from now, and starts again a while later. */
  | { readonly kind: "crash"; readonly statements: number; readonly downMs: number }
  /** Said by an operator, or by a viewer, who must be in the room. */
  | { readonly kind: "say"; readonly room: number; readonly text: string; readonly as?: "viewer" }
  /** An operator presses the button with this title on the newest card that has it. */
  | { readonly kind: "press"; readonly room: number; readonly title: string }
  | { readonly kind: "bot leaves"; readonly room: number; readonly forMs: number }
  /** Nothing has changed for a while, so that the rooms can be compared with the world. */
  | { readonly kind: "quiet" };

/** @property at milliseconds from the start of the world */
export type Step = Action & { readonly at: number };

export interface History {
  readonly seed: number;
  readonly customers: number;
  /** The filter of the watch of each room. */
  readonly watches: readonly string[];
  /** Whether Webex takes edits of messages. */
  readonly acceptsEdits: boolean;
  readonly steps: readonly Step[];
  /** Faults are the normal state: they make nothing late that is not late without an end. */
  readonly isHostile?: boolean;
  /** When the last step is over; then nothing changes for `QUIET_MS`. */
  readonly endsAt: number;
}

/** Long enough for flapping and storms to end, and for everything that waits to be said (ALERTS 13, 20, 21). */
export const QUIET_MS = 50 * MINUTE;

/** The rooms exist and watch from this time on. */
export const FIRST_STEP_MS = 5 * MINUTE;

const WORLD_SIZES = [1, 3, 20, 60, 250, 250, 1_000, 5_000];
export const WATCHES = ["", "", "", "package=calling", "country=US"];

/** A random history of about `minutes`, always the same one for a seed. */
export function randomHistory(seed: number, minutes: number): History {
  const random = createRandom(seed, 11);
  const customers = pickRandom(WORLD_SIZES, random) ?? 60;
  const watches = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pickRandom(WATCHES, random) ?? "");
  const acceptsEdits = random() < 0.7;
  const isQuiet = random() < 0.4;
  const pauseMs = pickRandom([20 * SECOND, MINUTE, 3 * MINUTE, 10 * MINUTE], random) ?? MINUTE;
  const steps: Step[] = [];
  const context = { random, customers, rooms: watches.length, isQuiet, recent: [] as Package[] };
  for (let at = FIRST_STEP_MS; at < minutes * MINUTE; at += Math.floor(random() * 2 * pauseMs)) {
    steps.push(...stepsAt(at, context));
  }
  const endsAt = Math.max(FIRST_STEP_MS, ...steps.map((step) => step.at + ("forMs" in step ? step.forMs : 0)));
  return { seed, customers, watches, acceptsEdits, steps, endsAt };
}

export interface Package {
  readonly place: number;
  readonly item: number;
}

export interface Context {
  readonly random: Random;
  readonly customers: number;
  readonly rooms: number;
  /** Whether nothing but customers changes: no fault, no crash. */
  readonly isQuiet: boolean;
  /** The packages that failed last. */
  readonly recent: Package[];
}

type Recipe = (at: number, context: Context) => readonly Step[];

/** One random thing that happens. */
export function stepsAt(at: number, context: Context): readonly Step[] {
  const recipes = context.isQuiet ? CUSTOMER_RECIPES : [...CUSTOMER_RECIPES, ...FAULT_RECIPES];
  const total = recipes.reduce((sum, [share]) => sum + share, 0);
  let left = context.random() * total;
  for (const [share, recipe] of recipes) {
    left -= share;
    if (left < 0) return recipe(at, context);
  }
  return [];
}

const CODES = [2560, 10022, 92101, 92105];
const codeOf = ({ random }: Context): number => pickRandom(CODES, random) ?? 2560;
const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() ** 2 * (most - least));

function anyPackage({ random, customers }: Context): Package {
  return { place: Math.floor(random() * customers), item: Math.floor(random() * 3) };
}

function fail(at: number, context: Context): readonly Step[] {
  const one = anyPackage(context);
  context.recent.push(one);
  return [{ at, kind: "package", ...one, status: "error", code: codeOf(context) }];
}

/** One of the packages that failed last gets another status. */
function change(status: string): Recipe {
  return (at, context) => {
    const one = pickRandom(context.recent.slice(-12), context.random);
    if (one === undefined) return [];
    return [{ at, kind: "package", ...one, status, ...(status === "error" && { code: codeOf(context) }) }];
  };
}

/** One package fails and recovers a few times, seconds or minutes apart. */
function flap(at: number, context: Context): readonly Step[] {
  const one = anyPackage(context);
  const everyMs = between(context.random, 10 * SECOND, 8 * MINUTE);
  const changes = 3 + Math.floor(context.random() * 9);
  const code = codeOf(context);
  return Array.from({ length: changes }, (_, i) =>
    i % 2 === 0
      ? { at: at + i * everyMs, kind: "package", ...one, status: "error", code }
      : { at: at + i * everyMs, kind: "package", ...one, status: "provisioned" },
  );
}

/** Failures of one code, at once or in waves; sometimes with others among them, and a recovery of all. */
function storm(at: number, context: Context): readonly Step[] {
  const { random, customers } = context;
  const waves = random() < 0.5 ? 1 : 1 + Math.floor(random() * 5);
  const place = Math.floor(random() * customers);
  const code = codeOf(context);
  const steps: Step[] = Array.from({ length: waves }, (_, i) => ({
    at: at + i * 2 * MINUTE,
    kind: "storm",
    place: place + i * 40,
    count: Math.min(customers, between(random, 8, 120)),
    code,
  }));
  if (random() < 0.5) steps.push(...fail(at + MINUTE, context));
  if (random() < 0.6) steps.push({ at: at + between(random, 2 * MINUTE, 40 * MINUTE), kind: "heal all" });
  return steps;
}

const COMMANDS = [
  "alerts",
  "verify",
  "ack all",
  "mute code=2560 for=10m because=maintenance",
  "unmute all",
  "customers status=error",
  "status",
  "handover",
];
/** The words that a title begins with. */
const BUTTONS = ["Acknowledge", "Acknowledge these", "Acknowledge all", "Show all", "Refresh"];

const say: Recipe = (at, { random, rooms }) => [
  { at, kind: "say", room: Math.floor(random() * rooms), text: pickRandom(COMMANDS, random) ?? "alerts" },
];
const press: Recipe = (at, { random, rooms }) => [
  { at, kind: "press", room: Math.floor(random() * rooms), title: pickRandom(BUTTONS, random) ?? "Acknowledge" },
];

/** Each with its share. */
const CUSTOMER_RECIPES: readonly (readonly [share: number, recipe: Recipe])[] = [
  [24, fail],
  [20, change("provisioned")],
  [8, change("provisioning")],
  [6, change("error")],
  [2, change("deleting")],
  [1, change("a_status_of_next_year")],
  [4, flap],
  [3, storm],
  [2, (at) => [{ at, kind: "heal all" }]],
  [2, (at, context) => [{ at, kind: "remove customer", place: anyPackage(context).place }]],
  [2, (at, context) => [{ at, kind: "remove package", ...anyPackage(context) }]],
  [1, (at) => [{ at, kind: "add customer" }]],
  [
    2,
    (at, context) => [{ at, kind: "add-on", place: anyPackage(context).place, status: "error", code: codeOf(context) }],
  ],
  [2, (at, context) => [{ at, kind: "add-on", place: anyPackage(context).place, status: "provisioned" }]],
  [4, say],
  [4, press],
];

const FAULT_RECIPES: readonly (readonly [share: number, recipe: Recipe])[] = [
  [6, networkFault],
  [
    3,
    (at, { random }) => [
      { at, kind: "crash", statements: between(random, 1, 4_000), downMs: between(random, SECOND, 20 * MINUTE) },
    ],
  ],
  [1, (at, { random }) => [{ at, kind: "full disk", forMs: between(random, SECOND, 5 * MINUTE) }]],
  [
    1,
    (at, { random }) => [
      { at, kind: "lie", lie: random() < 0.5 ? "empty" : "half", forMs: between(random, MINUTE, 60 * MINUTE) },
    ],
  ],
  [
    1,
    (at, { random, rooms }) => [
      { at, kind: "bot leaves", room: Math.floor(random() * rooms), forMs: between(random, MINUTE, 20 * MINUTE) },
    ],
  ],
];

const STATUSES = [400, 401, 403, 404, 409, 423, 429, 429, 429, 500, 502, 503, 504];
const RETRY_AFTERS = [undefined, "0", "1", "30", "-5", "soon", "99999999", "Fri, 31 Dec 9999 23:59:59 GMT", "1.5"];

function networkFault(at: number, { random }: Context): readonly Step[] {
  const status = random() < 0.6 ? pickRandom(STATUSES, random) : undefined;
  const retryAfter = pickRandom(RETRY_AFTERS, random);
  const fault: NetworkFault = {
    api: random() < 0.5 ? "webex" : "wholesale",
    share: pickRandom([0.05, 0.3, 1], random) ?? 1,
    ...(status === undefined
      ? { cut: pickRandom(["before", "after", "half"] as const, random) ?? "after" }
      : { status, isCarriedOut: status >= 500 && random() < 0.5 }),
    ...(status !== undefined && retryAfter !== undefined && { retryAfter }),
    slowMs: random() < 0.1 ? between(random, SECOND, 60 * SECOND) : 0,
  };
  return [{ at, kind: "fault", fault, forMs: between(random, SECOND, 30 * MINUTE) }];
}
