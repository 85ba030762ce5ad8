import { performAction } from "../actions.ts";
import type { Action } from "../history.ts";
import { handOver, type SimulatedCall } from "../network.ts";
import { createClient } from "../people.ts";
import { openSimulation, type Simulation, START } from "../simulation.ts";
import type { BotCall } from "./calls.ts";
import type { Fault } from "./faults.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The fault lasts from the fifth to the eighth minute. */
const FROM = 5 * MINUTE;
export const FAULT_MS = 3 * MINUTE;
const TO = FROM + FAULT_MS;
const END = 15 * MINUTE;
/** Short waits, so that little time passes between what happens and what is told. */
const ENV = { GROUP_WAIT: "10s", GROUP_INTERVAL: "1m" };

interface Step {
  readonly at: number;
  readonly action: Action;
  /** The question that a person asks by it. */
  readonly name?: string;
}

/** Something that a person asks, and how its answer begins. */
interface Question extends Step {
  readonly name: string;
  readonly answer: RegExp;
}

const ask = (at: number, name: string, answer: RegExp, as: { readonly as?: "viewer" } = {}): Question => ({
  at,
  name,
  answer,
  action: { kind: "say", room: 0, text: name, ...as },
});

const QUESTIONS: readonly Question[] = [
  ask(4 * MINUTE, "customers", /^Customers: 1–10/),
  ask(FROM + 20 * SECOND, "errors", /^Customers: .* status=error/),
  {
    ...ask(FROM + 40 * SECOND, "Next", /^Customers: 11–20/),
    action: { kind: "press", room: 0, title: "Next" },
  },
  // By a person whom the bot does not know yet.
  ask(FROM + 60 * SECOND, "subpartners", /^Sub-partners: /, { as: "viewer" }),
  ask(FROM + 120 * SECOND, "status", /Database: /),
  ask(END - 2 * MINUTE, "verify", /^(?:In|Not in) agreement|^Cannot verify/),
];

const FAILED_AT = FROM + 5 * SECOND;
const HEALED_AT = TO + MINUTE;

/** Other events: a package fails and recovers, another one recovers during the fault, and the process ends once. */
const EVENTS: readonly Step[] = [
  { at: 150 * SECOND, action: { kind: "package", place: 5, item: 0, status: "error", code: 92101 } },
  { at: FAILED_AT, action: { kind: "package", place: 3, item: 0, status: "error", code: 2560 } },
  { at: FROM + 10 * SECOND, action: { kind: "package", place: 5, item: 0, status: "provisioned" } },
  { at: FROM + 80 * SECOND, action: { kind: "crash", statements: 1, downMs: 5 * SECOND } },
  { at: HEALED_AT, action: { kind: "package", place: 3, item: 0, status: "provisioned" } },
];

const STEPS = [...QUESTIONS, ...EVENTS].toSorted((a, b) => a.at - b.at);

/** The fate of everything that the bot had taken on. */
export interface Outcome {
  /** How often the call met the fault. */
  readonly hits: number;
  /** By question: seconds until its answer, or in words what happened instead; undefined where nothing did. */
  readonly answers: ReadonlyMap<string, number | string | undefined>;
  /** Seconds from the error, and from the recovery, until the space was told; undefined if it never was. */
  readonly errorTold: number | undefined;
  readonly recoveryTold: number | undefined;
  /** The answer of `/readyz` at the end. */
  readonly ready: string;
  /** Errors that no rule of the bot expects. */
  readonly bugs: readonly string[];
}

/** Plays the same 15 minutes with one fault of one call in them. */
export async function playFault({ api, name, matches }: BotCall, fault: Fault): Promise<Outcome> {
  const auth = name === "POST /access_token" ? "refresh" : "token";
  const simulation = openSimulation({ seed: 1, customers: 30, auth, env: ENV });
  const { scheduler, network } = simulation;
  try {
    const roomId = await openRoom(simulation);
    let hits = 0;
    const concerns = (call: SimulatedCall): boolean => {
      const isMeant = matches(call);
      if (isMeant) hits += 1;
      return isMeant;
    };
    const active = { api, share: 1, slowMs: 0, ...fault, concerns };
    void scheduler.sleep(START + FROM - scheduler.clock()).then(() => network.add(active));
    void scheduler.sleep(START + TO - scheduler.clock()).then(() => network.remove(active));
    const history = { seed: 1, customers: 30, watches: [""], acceptsEdits: true, steps: [], endsAt: END };
    const missed = new Set<string>();
    for (const { at, action, name: question } of STEPS) {
      await scheduler.runUntil(START + at);
      if (question !== undefined && simulation.bot.handler() === undefined) missed.add(question);
      await scheduler.runUntilSettled(performAction({ ...simulation, history, rooms: [roomId] }, action));
    }
    await scheduler.runUntil(START + END);
    return {
      hits,
      ...readRoom(simulation, roomId, missed),
      ready: await readiness(simulation),
      bugs: bugsIn(simulation),
    };
  } finally {
    simulation.close();
  }
}

/** A space that watches everything, in the second minute of the world. */
async function openRoom(simulation: Simulation): Promise<string> {
  const { scheduler, bot } = simulation;
  const operator = createClient(simulation, "operator");
  bot.start();
  await scheduler.runUntil(START + MINUTE);
  const roomId = await scheduler.runUntilSettled(operator.createSpace("Room"));
  const [viewer] = simulation.world.people.byRole("viewer");
  await operator.call("POST", "/memberships", { roomId, personId: viewer?.id });
  await scheduler.runUntil(START + 65 * SECOND);
  await scheduler.runUntilSettled(operator.say(roomId, "watch"));
  await scheduler.runUntil(START + 75 * SECOND);
  await scheduler.runUntilSettled(operator.press(roomId, "Watch"));
  return roomId;
}

interface Said {
  /** Milliseconds from the start of the world. */
  readonly at: number;
  readonly text: string;
}

interface WireMessage {
  readonly roomId: string;
  readonly personId: string;
  readonly created: string;
  readonly updated?: string;
  readonly text?: string;
}

/** The sentences of the bot in the room, also those of edits. */
function saidIn({ transcript, world }: Simulation, roomId: string): readonly Said[] {
  return transcript
    .map((line) => JSON.parse(line) as WireMessage)
    .filter((message) => message.roomId === roomId && message.personId === world.people.bot.id)
    .map(({ created, updated = created, text = "" }) => ({ at: Date.parse(updated) - START, text }));
}

const ERROR = /^(?:\(possibly repeated\) )?✕ (?:Error: |1 package in error)|Came and went: /m;
const RECOVERY = /✓ (?:Recovered: |1 package recovered)|Came and went: /;
/** The first lines of what nobody asked for. */
const UNASKED =
  /^(?:Hello!|Watch|! Watching|[✕✓!] \d+ packages?|.* · alert \d+$|(?:\(possibly repeated\) )?The Wholesale API)/;

/** @param missed the questions that were asked while no process of the bot ran */
function readRoom(simulation: Simulation, roomId: string, missed: ReadonlySet<string>) {
  const said = saidIn(simulation, roomId);
  const secondsUntil = (from: number, pattern: RegExp): number | undefined => {
    const found = said.find(({ at, text }) => at >= from && pattern.test(text));
    return found && Math.round((found.at - from) / SECOND);
  };
  const others = said.filter(
    ({ text }) => !UNASKED.test(firstLine(text)) && !QUESTIONS.some((one) => one.answer.test(text)),
  );
  const saidInstead = (from: number): string | undefined => {
    const line = others.find(({ at }) => at >= from);
    return line && `“${firstLine(line.text)}”`;
  };
  const answerTo = ({ name, at, answer }: Question) =>
    secondsUntil(at, answer) ?? (missed.has(name) ? "the bot was down" : saidInstead(at));
  return {
    answers: new Map(QUESTIONS.map((one) => [one.name, answerTo(one)])),
    errorTold: secondsUntil(FAILED_AT, ERROR),
    recoveryTold: secondsUntil(HEALED_AT, RECOVERY),
  };
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

async function readiness({ bot }: Simulation): Promise<string> {
  const handler = bot.handler();
  if (handler === undefined) return "does not listen";
  const call = { method: "GET", path: "/readyz", headers: {}, body: Buffer.alloc(0) };
  const { status, body } = await handOver(handler, call, "127.0.0.1:4001");
  return `${status} ${(JSON.parse(body.toString()) as { status?: string }).status ?? ""}`;
}

const bugsIn = ({ logs }: Simulation): readonly string[] =>
  logs.flatMap(({ event, fields: { error } }) =>
    error instanceof Error && error.constructor.name !== "Failure" ? [`${event}: ${error.message}`] : [],
  );
