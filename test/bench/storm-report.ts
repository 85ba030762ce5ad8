import { formatCount, formatMegabytes, formatSeconds, markdownTable, type Row } from "./report.ts";
import type { StormResult } from "./storm.ts";

/** One column for each storm; the larger ones also as a ratio to the smallest with as many spaces. */
export function writeStormReport(stormed: readonly StormResult[]): string {
  const row = (name: string, cell: (one: StormResult) => string): Row => [name, ...stormed.map(cell)];
  const timed = (name: string, msOf: (one: StormResult) => number): Row =>
    row(name, (one) => {
      const small = stormed.find(({ spaces }) => spaces === one.spaces);
      const ratio = small === undefined || small === one ? "" : `, ${(msOf(one) / msOf(small)).toFixed(1)} ×`;
      return `${formatSeconds(msOf(one))}${ratio}`;
    });
  const spread = ([least, most]: readonly [number, number]): string =>
    least === most ? formatSeconds(least) : `${formatSeconds(least)} to ${formatSeconds(most)}`;
  const header = ({ broken, spaces }: StormResult) =>
    `${formatCount(broken)} in ${spaces} ${spaces === 1 ? "space" : "spaces"}`;
  return markdownTable(
    ["packages in error at once", ...stormed.map(header)],
    [
      timed("sweep without news", ({ quietMs }) => quietMs),
      timed("sweep that sees them", ({ broke }) => broke.sweepMs),
      row("from its end to the summary of all of them", ({ broke }) => spread(broke.deliveryMs)),
      row("messages in a space until then", ({ broke }) => formatCount(broke.messages)),
      timed("sweep that sees them recovered for the second time", ({ healed }) => healed.sweepMs),
      row("from its end to its storm summary", ({ healed }) => spread(healed.deliveryMs)),
      row("messages in a space until the storm is over", ({ healed }) => formatCount(healed.messages)),
      row("longest that the bot answered nothing", ({ longestBlockMs }) => formatSeconds(longestBlockMs)),
      row("peak memory of the bot (VmHWM)", ({ peakMemory }) => formatMegabytes(peakMemory)),
    ],
  ).concat("\n");
}
