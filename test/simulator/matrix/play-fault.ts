import type { Action } from "../action.ts";
import { performAction } from "../actions.ts";
import { handOver, type SimulatedCall } from "../network.ts";
import { createClient } from "../people.ts";
import { openSimulation, type Simulation, START } from "../simulation.ts";
import type { BotCall } from "./calls.ts";
import type { Fault } from "./faults.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The fault lasts 3 minutes; that of an early call from the start on. */
const FROM = 130 * SECOND;
const TO = FROM + 3 * MINUTE;
/** Short waits, so that little time passes between what happens and what is told. */
const ENV = { GROUP_WAIT: "10s", GROUP_INTERVAL: "1m" };
/** The loops that look for work each second or each 5 s do so less often, which halves the work of an idle bot. */
const PAUSES: Readonly<Record<number, number>> = { 1000: 4_000, 5000: 10_000 };
const pauseOf = (ms: number): number => PAUSES[ms] ?? ms;

/** Something that a person asks, and how its answer begins. */
interface Question {
  readonly name: string;
  readonly answer: RegExp;
  readonly action: Action;
}

const ask = (name: string, answer: RegExp, as: { readonly as?: "viewer" } = {}): Question => ({
  name,
  answer,
  action: { kind: "say", room: 0, text: name, ...as },
});

/** A package that fails or recovers, and of which the room is to be told. */
interface Change {
  readonly name: string;
  readonly place: number;
  /** A message that tells it. One that comes late may tell an error that is over by then. */
  readonly told: RegExp;
  readonly action: Action;
}

const change = (name: string, place: number, status: "error" | "provisioned", told = /./): Change => ({
  name,
  place,
  told,
  action: { kind: "package", place, item: 0, status, ...(status === "error" && { code: 2560 }) },
});

const OVER = /✓ Recovered|\d+ packages? recovered|Came and went/;

interface Step {
  readonly at: number;
  readonly step: Question | Change | { readonly action: Action };
}

/** One package is in error before the fault and recovers in it, another one fails in it. The process is killed once. */
const STEPS: readonly Step[] = [
  { at: 70 * SECOND, step: change("an earlier error", 5, "error") },
  { at: 115 * SECOND, step: ask("customers", /^Customers: 1–10/) },
  { at: FROM + 5 * SECOND, step: change("the error", 3, "error") },
  { at: FROM + 10 * SECOND, step: change("the end of the earlier error", 5, "provisioned", OVER) },
  { at: FROM + 20 * SECOND, step: ask("errors", /^Customers: .* status=error/) },
  {
    at: FROM + 40 * SECOND,
    step: { name: "Next", answer: /^Customers: 11–20/, action: { kind: "press", room: 0, title: "Next" } },
  },
  // By a person whom the bot does not know yet.
  { at: FROM + 60 * SECOND, step: ask("subpartners", /^Sub-partners: /, { as: "viewer" }) },
  { at: FROM + 80 * SECOND, step: { action: { kind: "crash", statements: 1, downMs: 5 * SECOND } } },
  { at: FROM + 120 * SECOND, step: ask("status", /, running for /) },
];
/** The last steps follow when all of that was answered and told, or after so long. */
const PATIENCE = 5 * MINUTE;
const LAST_CHANGE = change("the end of the error", 3, "provisioned", OVER);
const LAST_QUESTION = ask("verify", /^In agreement/);
/** So often it is looked whether all was answered and told. */
const LOOK = 20 * SECOND;

/** When something was answered or told. */
export interface Delay {
  readonly seconds: number;
  /** Counted from the end of the fault; below 0 during it. */
  readonly secondsAfterFault: number;
}

/** The fate of everything that the bot had taken on. */
export interface Outcome {
  /** How often the call met the fault. */
  readonly hits: number;
  /** By question: its answer, or in words what happened instead; undefined where nothing did. */
  readonly answers: ReadonlyMap<string, Delay | string | undefined>;
  /** By change: when the room was told; undefined if it never was. */
  readonly told: ReadonlyMap<string, Delay | undefined>;
  /** The room was told that the Wholesale API cannot be read. */
  readonly isOutageTold: boolean;
  /** The answers of `/readyz` towards the end of the fault, and at the end of all. */
  readonly readyInFault: string;
  readonly ready: string;
  /** Errors that no rule of the bot expects. */
  readonly bugs: readonly string[];
}

/** Plays the same quarter of an hour with one fault of one call in it; less where all is answered and told sooner. */
export async function playFault({ api, name, matches, isEarly }: BotCall, fault: Fault): Promise<Outcome> {
  const auth = name === "POST /access_token" ? "refresh" : "token";
  const simulation = openSimulation({ seed: 1, customers: 24, auth, env: ENV, pauseOf });
  const { scheduler, network } = simulation;
  try {
    let hits = 0;
    const concerns = (call: SimulatedCall): boolean => {
      const isMeant = matches(call);
      if (isMeant) hits += 1;
      return isMeant;
    };
    const active = { api, share: 1, slowMs: 0, ...fault, concerns };
    if (isEarly) network.add(active);
    const play: Play = { simulation, roomId: await openRoom(simulation), begun: [], missed: new Set() };
    void scheduler.sleep(START + FROM - scheduler.clock()).then(() => network.add(active));
    void scheduler.sleep(START + TO - scheduler.clock()).then(() => network.remove(active));
    for (const { at, step } of STEPS) {
      await scheduler.runUntil(START + at);
      await perform(play, step);
    }
    await scheduler.runUntil(START + TO - 5 * SECOND);
    const readyInFault = await readiness(simulation);
    await scheduler.runUntil(START + TO);
    await runUntilTold(play);
    await perform(play, LAST_CHANGE);
    await runUntilTold(play);
    await runUntilReady(play);
    await perform(play, LAST_QUESTION);
    await runUntilTold(play);
    const rest = { readyInFault, ready: await readiness(simulation), bugs: bugsIn(simulation) };
    return { hits, ...readRoom(play), ...rest };
  } finally {
    simulation.close();
  }
}

interface Play {
  readonly simulation: Simulation;
  readonly roomId: string;
  /** The step that was made, and when. */
  readonly begun: { readonly at: number; readonly step: Step["step"] }[];
  /** The questions that were asked while no process of the bot ran. */
  readonly missed: Set<string>;
}

async function perform({ simulation, roomId, begun, missed }: Play, step: Step["step"]): Promise<void> {
  const { scheduler, bot } = simulation;
  const history = { seed: 1, customers: 24, watches: [""], acceptsEdits: true, steps: [], endsAt: 0 };
  begun.push({ at: scheduler.clock() - START, step });
  if ("answer" in step && bot.handler() === undefined) missed.add(step.name);
  await scheduler.runUntilSettled(performAction({ ...simulation, history, rooms: [roomId] }, step.action));
}

/** Runs the world until everything was answered and told, for so long at most. */
async function runUntilTold(play: Play): Promise<void> {
  const { scheduler } = play.simulation;
  const until = scheduler.clock() + PATIENCE;
  const isOpen = (): boolean => {
    const { answers, told } = readRoom(play);
    return [...answers.values(), ...told.values()].includes(undefined);
  };
  do await scheduler.runUntil(scheduler.clock() + LOOK);
  while (scheduler.clock() < until && isOpen());
}

/** A room that watches everything, in the first minute of the world. */
async function openRoom(simulation: Simulation): Promise<string> {
  const { scheduler, bot } = simulation;
  const operator = createClient(simulation, "operator");
  bot.start();
  await scheduler.runUntil(START + 40 * SECOND);
  const roomId = await scheduler.runUntilSettled(operator.createSpace("Room"));
  const [viewer] = simulation.world.people.byRole("viewer");
  await operator.call("POST", "/memberships", { roomId, personId: viewer?.id });
  await scheduler.runUntil(START + 45 * SECOND);
  await scheduler.runUntilSettled(operator.say(roomId, "watch"));
  await scheduler.runUntil(START + 55 * SECOND);
  await scheduler.runUntilSettled(operator.press(roomId, "Watch"));
  return roomId;
}

/** The next sweep of all customers may be 5 minutes away, and until then `/readyz` tells of the last one. */
async function runUntilReady({ simulation }: Play): Promise<void> {
  const { scheduler } = simulation;
  const until = scheduler.clock() + PATIENCE + MINUTE;
  while (scheduler.clock() < until && (await readiness(simulation)) !== READY)
    await scheduler.runUntil(scheduler.clock() + LOOK);
}

interface Said {
  /** Milliseconds from the start of the world. */
  readonly at: number;
  readonly text: string;
  readonly isEdit: boolean;
}

interface WireMessage {
  readonly action: string;
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
    .map(({ action, created, updated = created, text = "" }) => ({
      at: Date.parse(updated) - START,
      text,
      isEdit: action === "updated",
    }));
}

/** The first lines of messages about packages that nobody asked for. */
const NEWS = /^(?:\(possibly repeated\) )?(?:[✕✓!] (?:Error|Recovered|\d+ packages?)|Came and went)|· alert \d+$/;
/** The first lines of other messages that nobody asked for. */
const UNASKED = /^(?:Hello!|Working on “|Watch|! Watching|(?:! )?(?:\(possibly repeated\) )?The Wholesale API)/;

const OUTAGE = /^(?:! )?(?:\(possibly repeated\) )?The Wholesale API cannot be read/;

function readRoom({ simulation, roomId, begun, missed }: Play): Pick<Outcome, "answers" | "told" | "isOutageTold"> {
  const said = saidIn(simulation, roomId);
  const isNews = ({ text }: Said) => NEWS.test(firstLine(text));
  const isAnswer = ({ text }: Said) => ANSWERS.some((answer) => answer.test(text));
  const others = said.filter((one) => !isNews(one) && !isAnswer(one) && !UNASKED.test(firstLine(one.text)));
  const answerTo = ({ name, answer }: Question, at: number) => {
    const found = said.find((one) => one.at >= at && answer.test(one.text));
    if (found !== undefined) return delayOf(at, found);
    const instead = others.find((one) => one.at >= at);
    return missed.has(name) ? "the bot was down" : instead && `“${gist(instead.text)}”`;
  };
  const tellingOf = ({ place, told }: Change, at: number) => {
    const entry = simulation.world.customers.at(place);
    const names = entry === undefined ? [] : [entry.name, entry.customer.externalId];
    const isNamed = ({ text }: Said) => names.some((name) => name !== undefined && text.includes(name));
    const tells = (one: Said) => !one.isEdit && isNews(one) && isNamed(one) && told.test(one.text);
    const found = said.find((one) => one.at >= at && tells(one));
    return found && delayOf(at, found);
  };
  return {
    isOutageTold: said.some(({ text }) => OUTAGE.test(text)),
    answers: new Map(
      begun.flatMap(({ at, step }) => ("answer" in step ? [[step.name, answerTo(step, at)] as const] : [])),
    ),
    told: new Map(begun.flatMap(({ at, step }) => ("told" in step ? [[step.name, tellingOf(step, at)] as const] : []))),
  };
}

const isQuestion = (step: Step["step"]): step is Question => "answer" in step;

const ANSWERS = [...STEPS.map(({ step }) => step), LAST_QUESTION].filter(isQuestion).map(({ answer }) => answer);

const delayOf = (since: number, { at }: Said): Delay => ({
  seconds: Math.round((at - since) / SECOND),
  secondsAfterFault: Math.round((at - TO) / SECOND),
});

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

/** The first line, and the one that says what is left out. */
const gist = (text: string): string =>
  text
    .split("\n")
    .filter((line, index) => index === 0 || /\d rows? could not be read/.test(line))
    .join(" / ");

/** The answer of `/readyz` when all is well. */
export const READY = "says 200 ok";

async function readiness({ bot }: Simulation): Promise<string> {
  const handler = bot.handler();
  if (handler === undefined) return "is not there";
  const call = { method: "GET", path: "/readyz", headers: {}, body: Buffer.alloc(0) };
  const { status, body } = await handOver(handler, call, "127.0.0.1:4001");
  const { status: word = "" } = JSON.parse(body.toString()) as { status?: string };
  return `says ${status} ${word}`;
}

const bugsIn = ({ logs }: Simulation): readonly string[] =>
  logs.flatMap(({ event, fields: { error } }) =>
    error instanceof Error && error.constructor.name !== "Failure" ? [`${event}: ${error.message}`] : [],
  );
