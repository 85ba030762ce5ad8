import { statusDisplayName } from "../customers/status-names.ts";
import type { OutgoingFile } from "../ports/messaging.ts";
import type { TrendDay } from "../ports/snapshot.ts";
import { formatCount, formatDay, formatNumber } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { notReadYet, snapshotState, subpartnerLines } from "./data-source.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

const DAYS = 30;

/** Customers by status over the last days: the numbers in the reply, the chart in a message of its own. */
export async function replyTrend(context: ReplyContext): Promise<Reply> {
  const { snapshot, scope, clock, draw } = context;
  const days = await snapshot.trend(scope, DAYS, clock());
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return noTrendYet(context);
  const chart = await draw(days);
  const span = first === last ? first.day : `${first.day} to ${last.day}`;
  return {
    view: {
      kind: "notice",
      tone: "info",
      title: `Customers by status, ${span}`,
      lines: [
        ...(await subpartnerLines(context)),
        `${formatCount(days.length, "day")} with a complete reading, the last ${DAYS} days at most. The first number is the first day’s, the second the last day’s.`,
        ...(chart === undefined ? ["There is no chart: this server cannot draw one."] : []),
      ],
      facts: factsOf(first, last),
      buttons: BUTTONS,
    },
    ...(chart !== undefined && {
      file: { file: chartFile(chart, formatDay(clock())), text: `Customers by status, ${span}` },
    }),
  };
}

const BUTTONS: readonly Button[] = [
  { title: "Summary", command: "summary" },
  { title: "Changes", command: "changes" },
];

async function noTrendYet(context: ReplyContext): Promise<Reply> {
  if ((await snapshotState(context)).state !== "complete") return notReadYet({ name: "trend" }, context);
  return textReply(
    "There is no trend yet",
    ["The customers are counted once a day, after a complete reading. There is no count yet."],
    BUTTONS,
  );
}

/** `Error: 12 → 15 (+3)`: the sum of all, then the statuses, commonest first. */
function factsOf(first: TrendDay, last: TrendDay) {
  const count = ({ byStatus }: TrendDay, status: string) =>
    byStatus.find(({ value }) => value === status)?.customers ?? 0;
  const sum = ({ byStatus }: TrendDay) => byStatus.reduce((total, { customers }) => total + customers, 0);
  const statuses = [...new Set([...last.byStatus, ...first.byStatus].map(({ value }) => value))];
  return [
    { title: "All", value: changeText(sum(first), sum(last)) },
    ...statuses
      .sort((a, b) => count(last, b) - count(last, a))
      .map((status) => ({
        title: statusTitle(status),
        value: changeText(count(first, status), count(last, status)),
      })),
  ];
}

function statusTitle(status: string): string {
  const words = status.replaceAll("_", " ");
  return statusDisplayName(status) ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function changeText(from: number, to: number): string {
  if (from === to) return formatNumber(to);
  const sign = to > from ? "+" : "−";
  return `${formatNumber(from)} → ${formatNumber(to)} (${sign}${formatNumber(Math.abs(to - from))})`;
}

function chartFile(chart: Uint8Array, day: string): OutgoingFile {
  return {
    name: `trend-${day}.png`,
    type: "image/png",
    async *content() {
      yield chart;
    },
  };
}
