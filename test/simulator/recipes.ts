import { pickRandom, type Random } from "../../src/sandbox/world/random.ts";
import type { Step } from "./action.ts";
import type { NetworkFault } from "./faults.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export interface Package {
  readonly place: number;
  readonly item: number;
}

export interface Context {
  readonly random: Random;
  readonly customers: number;
  readonly rooms: number;
  readonly recipes: Recipes;
  /** The packages that failed last. */
  readonly recent: Package[];
}

type Recipe = (at: number, context: Context) => readonly Step[];
/** Each with its share. */
type Recipes = readonly (readonly [share: number, recipe: Recipe])[];

/** One random thing that happens. */
export function stepsAt(at: number, context: Context): readonly Step[] {
  const { recipes, random } = context;
  let left = random() * recipes.reduce((sum, [share]) => sum + share, 0);
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
  "alerts code=2560",
  "alerts nobody",
  "alerts all",
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

const anyRoom = ({ random, rooms }: Context): number => Math.floor(random() * rooms);

/** A package fails or recovers, and a room asks `verify` before and after it can know of it. */
function failAndVerify(at: number, context: Context): readonly Step[] {
  const { random } = context;
  const room = anyRoom(context);
  const changed = random() < 0.6 ? fail(at, context) : change("provisioned")(at, context);
  const times = [between(random, 5 * SECOND, 3 * MINUTE), between(random, 3 * MINUTE, 15 * MINUTE)];
  return [...changed, ...times.map((ms): Step => ({ at: at + ms, kind: "say", room, text: "verify" }))];
}

/** While another error is told, and the window of the next message is shut, a package fails and recovers. */
function shortError(at: number, context: Context): readonly Step[] {
  const from = at + between(context.random, 45 * SECOND, 2 * MINUTE);
  const [failed] = fail(from, context);
  if (failed?.kind !== "package") return [];
  const { place, item } = failed;
  const to = from + between(context.random, 80 * SECOND, 3 * MINUTE);
  return [...fail(at, context), failed, { at: to, kind: "package", place, item, status: "provisioned" }];
}

function deleteAndVerify(at: number, context: Context): readonly Step[] {
  const room = anyRoom(context);
  return [
    { at, kind: "delete message", room },
    { at: at + 2 * MINUTE, kind: "say", room, text: "verify" },
  ];
}

/** Several packages fail, and what a room acknowledges is listed. */
function ackAndList(at: number, context: Context): readonly Step[] {
  const room = anyRoom(context);
  const { customers, random } = context;
  const count = Math.min(customers, between(random, 1, 30));
  const askedAt = at + 13 * MINUTE;
  return [
    { at, kind: "storm", place: Math.floor(random() * customers), count, code: codeOf(context) },
    { at: askedAt, kind: "say", room, text: "ack all" },
    { at: askedAt + 40 * SECOND, kind: "say", room, text: "alerts" },
  ];
}

/** A package flaps of which a room is not told at first: its mute ends then, or it begins to watch. */
function flapUntold(at: number, context: Context): readonly Step[] {
  const { random } = context;
  const code = codeOf(context);
  const one = anyPackage(context);
  const everyMs = 82 * SECOND + Math.floor(random() * 20 * SECOND);
  const firstAt = at + MINUTE;
  const flaps = Array.from(
    { length: 11 },
    (_, i): Step => ({
      at: firstAt + i * everyMs,
      kind: "package",
      ...one,
      ...(i % 2 === 0 ? { status: "error", code } : { status: "provisioned" }),
    }),
  );
  const text = `mute code=${code} for=${16 + Math.floor(random() * 5)}m because=maintenance`;
  const untold: Step =
    random() < 0.5
      ? { at, kind: "say", room: anyRoom(context), text }
      : { at: firstAt + 9 * everyMs, kind: "new room", watch: "" };
  return [untold, ...flaps];
}

const newRoom: Recipe = (at, { random }) => [
  { at, kind: "new room", watch: pickRandom(["", "package=calling", "country=US"], random) ?? "" },
];

const say: Recipe = (at, { random, rooms }) => [
  { at, kind: "say", room: Math.floor(random() * rooms), text: pickRandom(COMMANDS, random) ?? "alerts" },
];
const press: Recipe = (at, { random, rooms }) => [
  { at, kind: "press", room: Math.floor(random() * rooms), title: pickRandom(BUTTONS, random) ?? "Acknowledge" },
];

export const CUSTOMER_RECIPES: Recipes = [
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

/** Other acts of spaces, and questions at the moments that matter. */
export const ROOM_RECIPES: Recipes = [
  [4, failAndVerify],
  [3, shortError],
  [2, ackAndList],
  [3, flapUntold],
  [1, newRoom],
  [1, deleteAndVerify],
];

export const FAULT_RECIPES: Recipes = [
  [6, networkFault],
  [
    3,
    (at, { random }) => [
      { at, kind: "crash", statements: between(random, 1, 4_000), downMs: between(random, SECOND, 20 * MINUTE) },
    ],
  ],
  [1, (at, { random }) => [{ at, kind: "full disk", forMs: between(random, SECOND, 5 * MINUTE) }]],
  [2, lyingList],
  [2, refusedMessages],
  [2, lostNotices],
  [2, failedPosts],
  [
    1,
    (at, { random, rooms }) => [
      { at, kind: "bot leaves", room: Math.floor(random() * rooms), forMs: between(random, MINUTE, 20 * MINUTE) },
    ],
  ],
];

/** The list of customers lies for a while, and a package fails meanwhile, and people ask. */
function lyingList(at: number, context: Context): readonly Step[] {
  const { random } = context;
  const forMs = 5 * MINUTE + Math.floor(random() * 45 * MINUTE);
  const room = anyRoom(context);
  const askedAt = at + 12 * MINUTE;
  const asked = forMs < 15 * MINUTE ? [] : ["verify", "alerts"];
  return [
    { at, kind: "lie", lie: random() < 0.5 ? "empty" : "half", forMs },
    ...fail(at + between(random, SECOND, 20 * MINUTE), context),
    ...asked.map((text, i): Step => ({ at: askedAt + i * 20 * SECOND, kind: "say", room, text })),
  ];
}

/** Webex refuses what a room would be told, for so long that it is given up, or tried again later and later. */
function refusedMessages(at: number, context: Context): readonly Step[] {
  const { random } = context;
  return [
    {
      at,
      kind: "refuse",
      status: random() < 0.7 ? 400 : 503,
      forMs: 3 * MINUTE + Math.floor(random() * 15 * MINUTE),
    },
    ...fail(at + SECOND, context),
    ...(random() < 0.5 ? change("provisioned")(at + 10 * MINUTE, context) : []),
  ];
}

/** A package fails, and some calls to Webex have no answer although they were carried out, or are refused for being too many. */
function failedPosts(at: number, context: Context): readonly Step[] {
  const { random } = context;
  const how = random() < 0.5 ? { cut: "after" as const } : { status: 429, retryAfter: "5" };
  const fault: NetworkFault = { api: "webex", share: 0.4, slowMs: 0, ...how };
  return [
    ...fail(at, context),
    ...fail(at + MINUTE, context),
    { at: at + 20 * SECOND, kind: "fault", fault, forMs: between(random, MINUTE, 8 * MINUTE) },
  ];
}

/** Notices are lost while they wait. */
function lostNotices(at: number, context: Context): readonly Step[] {
  const { random } = context;
  const times = [25, 45, 65, 150].map((seconds) => seconds * SECOND + Math.floor(random() * 15 * SECOND));
  return [
    ...fail(at, context),
    ...fail(at + 30 * SECOND, context),
    ...times.map((ms): Step => ({ at: at + ms, kind: "lose notices" })),
  ];
}

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
      : { status, isCarriedOut: status >= 500 && status !== 503 && random() < 0.5 }),
    ...(status !== undefined && retryAfter !== undefined && { retryAfter }),
    slowMs: random() < 0.1 ? between(random, SECOND, 60 * SECOND) : 0,
  };
  return [{ at, kind: "fault", fault, forMs: between(random, SECOND, 30 * MINUTE) }];
}
