import type { BotCall } from "./calls.ts";
import type { Fault } from "./faults.ts";
import type { Outcome } from "./play-fault.ts";

/** Questions that are answered within this many seconds met no delay worth a word. */
const PROMPT_SECONDS = 15;
/** A space is told within this time where nothing fails: two quick polls, and the waits of ALERTS 20. */
const TOLD_SECONDS = 3 * 60;

/** The outcome of a fault as one cell of the document: the same for outcomes that mean the same. Losses are bold. */
export function describeOutcome(outcome: Outcome, fault: Fault): string {
  const { hits, answers, errorTold, recoveryTold, ready, bugs } = outcome;
  if (hits === 0) return "not called in this time";
  // Authors delete what they wrote, and nobody waits for an answer to that.
  const silence = fault.status === 404 ? "counts as deleted" : "**has no answer**";
  const late = [...answers].flatMap(([question, answer]) => lateness(question, answer, silence));
  const told = [...tellingOf("the error", errorTold), ...tellingOf("the recovery", recoveryTold)];
  const rest = [...(ready === "200 ok" ? [] : [`\`/readyz\` says ${ready}`]), ...bugs.map((bug) => `**${bug}**`)];
  const lines = [...late, ...told, ...rest];
  return lines.length === 0 ? "nobody notices" : lines.join("; ");
}

function lateness(question: string, answer: number | string | undefined, silence: string): readonly string[] {
  if (answer === undefined) return [`\`${question}\` ${silence}`];
  if (typeof answer === "string") return [`\`${question}\`: ${answer}`];
  return answer <= PROMPT_SECONDS ? [] : [`\`${question}\` is answered within ${minutes(answer)}`];
}

function tellingOf(what: string, seconds: number | undefined): readonly string[] {
  if (seconds === undefined) return [`${what} is **never told**`];
  return seconds <= TOLD_SECONDS ? [] : [`${what} is told within ${minutes(seconds)}`];
}

const minutes = (seconds: number): string => `${Math.ceil(seconds / 60)} min`;

export interface Row {
  readonly call: BotCall;
  readonly fault: string;
  readonly outcome: string;
}

const HEAD = `# Reliability: what each fault of each call leads to

\`npm run reliability\` writes this page. For each line it plays the same 15 minutes in the [simulator](../CONTRIBUTING.md#the-simulator),
with this one fault of this one call from minute 5 to 8. Somebody asks \`customers\`, \`errors\`, \`subpartners\` and \`status\` and presses
"Next", a package fails and recovers, the process ends once and starts again, and later \`verify\` is asked. A line says what people notice,
compared with a world without the fault. \`test/simulator/matrix/matrix.test.ts\` plays some of the lines again.

"The bot was down" means that a process could not start while the fault lasted, so that Webex had nobody to deliver the question to.
`;

/** The whole page: a section for each call, a line for each outcome. */
export function writeDocument(rows: readonly Row[]): string {
  const calls = [...new Set(rows.map(({ call }) => call))];
  const sections = calls.map((call) =>
    section(
      call,
      rows.filter((row) => row.call === call),
    ),
  );
  return `${[HEAD, ...sections].join("\n")}`;
}

function section({ name }: BotCall, rows: readonly Row[]): string {
  const outcomes = [...new Set(rows.map(({ outcome }) => outcome))];
  const lines = outcomes.map((outcome) => {
    const faults = rows.filter((row) => row.outcome === outcome).map(({ fault }) => fault);
    return `| ${faults.join(" · ")} | ${outcome} |`;
  });
  return [`## \`${name}\``, "", "| fault | what people notice |", "| --- | --- |", ...lines, ""].join("\n");
}
