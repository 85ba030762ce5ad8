import type { ErrorCode } from "../alerts/error-codes.ts";
import type { CodeCommand } from "../commands/code.ts";
import { format } from "../commands/format.ts";
import type { Customer } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { CodeCount } from "../ports/snapshot.ts";
import { memoryText, ownerText, retryText } from "../views/code-text.ts";
import { formatCount } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";
import { snapshotState, subpartnerLines } from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

type Facts = NoticeView["facts"];

/** The entry of a code, how many have it now, and the bot’s memory of it. Nothing else is said about a code. */
export async function replyCode({ code }: CodeCommand, context: ReplyContext): Promise<Reply> {
  if (code === undefined) return replyCommonest(context);
  const { codes, snapshot, alerts, scope, clock } = context;
  const now = clock();
  const { notes } = await snapshotState(context);
  const count = await snapshot.codeCount(scope, code);
  const filter = codeFilter(code);
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: 1, now });
  const texts = records.flatMap(({ customer }) => textsOf(customer, code)).slice(0, 1);
  const memory = await alerts.codeMemory({ scope, code }, now);
  const entry = codes.get(code);
  const facts = [
    ...(entry === undefined ? [] : adviceFacts(entry)),
    { title: "Now", value: countText(count) },
    { title: "Before", value: memoryText(memory) },
    ...texts.map((value) => ({ title: "The API says", value })),
    ...(entry === undefined ? [] : sourceFacts(entry)),
  ];
  return {
    view: {
      kind: "notice",
      tone: "info",
      title: `Code ${code}`,
      lines: [...(await subpartnerLines(context)), entry?.meaning ?? NO_ENTRY, ...notes],
      facts,
      buttons: [...(count.customers === 0 ? [] : [listButton(filter, count)]), refreshButton(code)],
    },
  };
}

const NO_ENTRY =
  "The bot does not know this code. Whoever runs the bot can say what it means and whose turn it is (CODES_FILE).";

const adviceFacts = (entry: ErrorCode): Facts => [
  { title: "Whose turn", value: ownerText(entry) },
  { title: "What to try", value: entry.next },
  { title: "Send again", value: retryText(entry) },
];

const sourceFacts = ({ source, link }: ErrorCode): Facts => [
  ...(link === undefined ? [] : [{ title: "See", value: link }]),
  { title: "Source", value: source },
];

/** The texts with which the API gives the code. */
function textsOf({ packages, addOns, problems }: Customer, code: number): readonly string[] {
  const all = [...packages, ...addOns].flatMap((item) => item.problems);
  return [...all, ...problems].flatMap((problem) =>
    problem.code === code && problem.text !== "" ? [problem.text] : [],
  );
}

/** A code may be given for the customer alone. */
function countText({ packages, customers }: CodeCount): string {
  if (customers === 0) return "no package has it";
  const of = formatCount(customers, "customer");
  return packages === 0 ? `${of}, at the customer itself` : `${formatCount(packages, "package")} of ${of}`;
}

function listButton(filter: Filter, { customers }: CodeCount): Button {
  const command = { name: "customers", filter, page: 1, max: PAGE_SIZE.usual, fresh: false } as const;
  return { title: `Show ${formatCount(customers, "customer")}`, command: format(command), main: true };
}

const codeFilter = (code: number): Filter => [
  { field: "code", negated: false, values: [{ text: String(code), prefix: false }] },
];

const refreshButton = (code: number): Button => ({ title: "Refresh", command: format({ name: "code", code }) });

const MOST_BUTTONS = 5;

/** The codes that most customers have now. */
async function replyCommonest(context: ReplyContext): Promise<Reply> {
  const { snapshot, scope, clock } = context;
  const { notes } = await snapshotState(context);
  const { byCode } = await snapshot.summary(scope, [], clock());
  const commonest = byCode.slice(0, MOST_BUTTONS);
  if (commonest.length === 0)
    return textReply("No customer has an error code now", ["“code 2560” explains one.", ...notes]);
  return textReply(
    "Which code?",
    [
      ...(await subpartnerLines(context)),
      ...commonest.map(({ value, customers }) => `${value}: ${formatCount(customers, "customer")}`),
      ...notes,
    ],
    commonest.map(({ value }) => ({ title: `Code ${value}`, command: format({ name: "code", code: Number(value) }) })),
  );
}
