import { createRandom, pickRandom, type Random } from "../../src/sandbox/world/random.ts";
import type { Step } from "./action.ts";
import type { NetworkFault } from "./faults.ts";
import { FIRST_STEP_MS, type History, WATCHES } from "./history.ts";
import { FAULTS } from "./matrix/faults.ts";
import { createClient } from "./people.ts";
import { type Context, CUSTOMER_RECIPES, stepsAt } from "./recipes.ts";
import type { Played } from "./simulation.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The share of the calls to either API that fail, each in another way. */
const FAULT_SHARE = 0.1;
/** When `verify` is asked in a quiet hour. */
const VERIFY_MS = 30 * MINUTE;

const WORLD_SIZES = [20, 60, 120, 250];

/**
 * A day with a hostile network: of every call to either API one in ten fails, without a pause. In every other hour customers change and
 * people ask and press; the hour after it is quiet, so that all may be told, and from its half on `verify` is asked.
 */
export function hostileHistory(seed: number, hours: number): History {
  const random = createRandom(seed, 12);
  const customers = pickRandom(WORLD_SIZES, random) ?? 60;
  const watches = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pickRandom(WATCHES, random) ?? "");
  const context: Context = { random, customers, rooms: watches.length, recipes: CUSTOMER_RECIPES, recent: [] };
  const endsAt = FIRST_STEP_MS + hours * HOUR;
  const steps = [...faultSteps(random, endsAt - FIRST_STEP_MS)];
  for (let from = FIRST_STEP_MS; from < endsAt; from += 2 * HOUR) {
    steps.push(...busyHour(from, Math.min(HOUR, endsAt - from), context));
    if (from + HOUR < endsAt) steps.push({ at: from + HOUR + VERIFY_MS, kind: "quiet" });
  }
  // Without the edits that fail for good, a card is true of the time that it names.
  return { seed, customers, watches, acceptsEdits: false, isHostile: true, steps, endsAt };
}

/** Every fault of the matrix, so that together they are `FAULT_SHARE`. */
function faultSteps(random: Random, forMs: number): readonly Step[] {
  const kinds = Object.values(FAULTS);
  return (["webex", "wholesale"] as const).flatMap((api) =>
    kinds.map((kind): Step => {
      const isOdd = kind.status !== undefined && kind.status < 400;
      const carriedOut = isOdd && random() < 0.5 && { isCarriedOut: true };
      const fault: NetworkFault = { api, share: FAULT_SHARE / kinds.length, slowMs: 0, ...kind, ...carriedOut };
      return { at: FIRST_STEP_MS, kind: "fault", fault, forMs };
    }),
  );
}

function busyHour(from: number, forMs: number, context: Context): readonly Step[] {
  const pauseMs = pickRandom([MINUTE, 3 * MINUTE, 10 * MINUTE], context.random) ?? MINUTE;
  const steps: Step[] = [];
  for (let at = from; at < from + forMs; at += Math.floor(context.random() * 2 * pauseMs))
    steps.push(...stepsAt(at, context).filter((step) => step.at < from + forMs));
  return steps;
}

/** How long one answer of `verify` is waited for, and how often it is asked. */
const ANSWER_MS = 4 * MINUTE;
const ASKED_TIMES = 7;

/** Asks `verify` until it finds no difference, since any of its calls may fail. Returns what it says last, if that is never so. */
export async function disagreement(played: Played, roomId: string): Promise<readonly string[]> {
  const { scheduler } = played;
  const operator = createClient(played, "operator");
  let last = "nothing";
  for (let asked = 0; asked < ASKED_TIMES; asked += 1) {
    const at = scheduler.clock();
    await operator.say(roomId, "verify");
    await scheduler.sleep(ANSWER_MS);
    const answers = (await operator.fromBot(roomId)).filter(({ created }) => Date.parse(created) >= at);
    last = answers.find(({ text = "" }) => VERIFIED.test(text))?.text ?? last;
    if (AGREES.test(last)) return [];
  }
  const time = new Date(scheduler.clock()).toISOString();
  return [`After a quiet hour “verify” finds no agreement until ${time}. It says: ${last}`];
}

const VERIFIED = /^(?:In agreement|Not in agreement|Cannot verify|No difference found)\b/;
const AGREES = /^(?:In agreement|No difference found)\b/;

/** The figures of a hostile day, for the line that is printed. */
export function describeDay({ network, logs, transcript }: Played): string {
  const { calls, faults } = network.counts();
  const logged = (event: string): number => logs.filter((line) => line.event === event).length;
  const said = (words: string): number => transcript.filter((line) => line.includes(`"text":"${words}`)).length;
  return (
    `${calls} calls, ${faults} with a fault; ${logged("notice.sent")} messages told, ${logged("answer.sent")} questions answered, ` +
    `${logged("answer.denied")} put off, ${logged("answer.failed") + logged("inbox.dropped")} given up and told, ` +
    `${logged("event.gone") + logged("press.ignored")} without a word; ` +
    `verify: ${said("In agreement")} in agreement, ${said("No difference found")} no difference, ` +
    `${said("Not in agreement")} not in agreement, ${said("Cannot verify")} cannot`
  );
}
