import type { BotCall } from "./calls.ts";
import type { Fault } from "./faults.ts";
import type { OtherFault } from "./other-faults.ts";
import { type Delay, type Outcome, READY } from "./play-fault.ts";

/** Questions that are answered within this many seconds met no delay worth a word. */
const PROMPT_SECONDS = 15;
/** The room is told within this time where nothing fails: two quick polls, and the waits of ALERTS 20. */
const TOLD_SECONDS = 2 * 60;
/** A delay is said in the least of these minutes that is not below it, so that a line does not depend on the seconds. */
const MINUTES = [1, 2, 5, 8];

/** The outcome of a fault as one cell of the document: the same for outcomes that mean the same. What is lost or wrong is bold. */
export function describeOutcome(outcome: Outcome, fault: Fault): string {
  const { hits, answers, told, readyInFault, ready, bugs } = outcome;
  if (hits === 0) return "not called in this time";
  if (isUnreadable(outcome)) return UNREADABLE;
  const lines = [
    ...grouped(answers, (question, answer) => fateOfQuestion(question, answer, fault)),
    ...grouped(told, (_, delay) => fateOfNews(delay)),
    ...(readyInFault === READY ? [] : [`meanwhile \`/readyz\` ${readyInFault}`]),
    ...(ready === READY ? [] : [`**in the end \`/readyz\` ${ready}**`]),
    ...bugs.map((bug) => `**bug: ${bug}**`),
  ];
  return lines.length === 0 ? "nobody notices" : lines.join("; ");
}

const UNREADABLE =
  "the Wholesale API cannot be read any more, and everybody is told: the space, who asks `verify`, and `/readyz`";

/** The effect of a spent refresh token; elsewhere it would be a fault of the bot. */
function isUnreadable({ answers, isOutageTold, ready, bugs }: Outcome): boolean {
  const verified = answers.get("verify");
  const isSaid = typeof verified === "string" && verified.startsWith("“Cannot verify: the Wholesale API");
  return isSaid && isOutageTold && ready === "says 200 degraded" && bugs.length === 0;
}

/** Names with the same fate are one sentence. */
function grouped<T>(
  items: ReadonlyMap<string, T>,
  fateOf: (name: string, item: T) => string | undefined,
): readonly string[] {
  const byFate = new Map<string, string[]>();
  for (const [name, item] of items) {
    const fate = fateOf(name, item);
    if (fate !== undefined) byFate.set(fate, [...(byFate.get(fate) ?? []), name]);
  }
  return [...byFate].map(([fate, names]) => `${names.join(", ")}: ${fate}`);
}

function fateOfQuestion(question: string, answer: Delay | string | undefined, fault: Fault): string | undefined {
  // It is asked when all is well again.
  if (question === "verify" && typeof answer === "string") return `**${answer}**`;
  // Authors delete what they wrote, and nobody waits for an answer to that.
  if (answer === undefined) return fault.status === 404 ? "no answer, as for a deleted question" : "**no answer**";
  if (typeof answer === "string") return answer;
  return answer.seconds <= PROMPT_SECONDS ? undefined : `answered ${lateness(answer)}`;
}

function fateOfNews(delay: Delay | undefined): string | undefined {
  if (delay === undefined) return "**never told**";
  return delay.seconds <= TOLD_SECONDS ? undefined : `told ${lateness(delay)}`;
}

function lateness({ secondsAfterFault }: Delay): string {
  if (secondsAfterFault <= 0) return "late, before the fault is over";
  const minutes = MINUTES.find((one) => secondsAfterFault <= one * 60);
  return minutes === undefined ? "**too late**" : `within ${minutes} min after the fault`;
}

export interface Row {
  readonly call: BotCall;
  readonly fault: string;
  readonly outcome: string;
}

/** The name of the test that plays a fault of a call. */
export const testName = ({ call, fault }: Pick<Row, "call" | "fault">): string => `${call.name}: ${fault}`;

const HEAD = `# Reliability: what each fault leads to

\`npm run reliability\` writes this page, from the tables of the tests. The first part has a section for each call that the bot makes.
Each line is played in the [simulator](../CONTRIBUTING.md#the-simulator): some minutes, with this one fault of this one call for three
of them. One package is in error before and recovers meanwhile, another one fails meanwhile and recovers later. Somebody asks
\`customers\`, \`errors\`, \`subpartners\`, \`status\` and, at the end, \`verify\`, and presses "Next". The process is killed once during the
fault and starts again. A line says what differs from a world without the fault.

Each fault in a line is a test of \`test/simulator/matrix/matrix.test.ts\`: its name is the heading of the section, a colon and the fault,
such as "POST /messages: 405". Some are played in the gate, all by

    RELIABILITY=all npx vitest run --project simulator test/simulator/matrix

Three calls do not occur in these minutes: the bot creates and deletes a webhook only if the list of webhooks is not as it should be, and
deletes a message only after ten edits of it, where a failure is logged and does no harm. The list of organisations is asked for soon after
the start alone, so its faults last from there on.

A refresh token is good for one use here. If the answer with the next one is lost, no program can go on: the operator must set another.

"The bot was down" means that a process could not start while the fault lasted, so that Webex had nobody to deliver the question to.
`;

const OTHERS_HEAD = `## Faults beyond one call

Each line names the test that holds it; some have more.

| fault | what the bot does | test |
| --- | --- | --- |`;

/** The whole page: a section for each call with a line for each outcome, then the faults beyond one call. */
export function writeDocument(rows: readonly Row[], others: readonly OtherFault[]): string {
  const calls = [...new Set(rows.map(({ call }) => call))];
  const sections = calls.map((call) =>
    section(
      call,
      rows.filter((row) => row.call === call),
    ),
  );
  return [HEAD, ...sections, OTHERS_HEAD, ...others.map(otherLine), ""].join("\n");
}

export const otherLine = ({ fault, effect, file, test }: OtherFault): string =>
  `| ${fault} | ${effect} | \`${file}\`: ${test} |`;

function section({ name }: BotCall, rows: readonly Row[]): string {
  const outcomes = [...new Set(rows.map(({ outcome }) => outcome))];
  const lines = outcomes.map((outcome) => {
    const faults = rows.filter((row) => row.outcome === outcome).map(({ fault }) => fault);
    return `| ${faults.join(SEPARATOR)} | ${outcome} |`;
  });
  return [`## ${name}`, "", "| fault | what people notice |", "| --- | --- |", ...lines, ""].join("\n");
}

const SEPARATOR = " · ";

/** The outcomes of a page by the names of their tests. */
export function readDocument(page: string): ReadonlyMap<string, string> {
  const outcomes = new Map<string, string>();
  for (const part of page.split(/^## /m).slice(1)) {
    const [heading = "", ...lines] = part.split("\n");
    for (const [, faults = "", outcome = ""] of lines.map((line) => /^\| (.*?) \| (.*) \|$/.exec(line) ?? []))
      for (const fault of faults.split(SEPARATOR)) outcomes.set(`${heading}: ${fault}`, outcome);
  }
  return outcomes;
}
