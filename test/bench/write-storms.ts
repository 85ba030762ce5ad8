import type { Stormed } from "./storm.ts";
import { mega, type Row, seconds, tableOf, whole } from "./write.ts";

/** One column for each storm; the larger ones also as a ratio to the smallest with as many spaces. */
export function writeStorms(stormed: readonly Stormed[]): string {
  const row = (name: string, cell: (one: Stormed) => string): Row => [name, ...stormed.map(cell)];
  const timed = (name: string, msOf: (one: Stormed) => number): Row =>
    row(name, (one) => {
      const small = stormed.find(({ spaces }) => spaces === one.spaces);
      const ratio = small === undefined || small === one ? "" : `, ${(msOf(one) / msOf(small)).toFixed(1)} ×`;
      return `${seconds(msOf(one))}${ratio}`;
    });
  const spread = ([least, most]: readonly [number, number]): string =>
    least === most ? seconds(least) : `${seconds(least)} to ${seconds(most)}`;
  const header = ({ broken, spaces }: Stormed) =>
    `${whole(broken)} in ${spaces} ${spaces === 1 ? "space" : "spaces"}`;
  return tableOf(
    ["packages in error at once", ...stormed.map(header)],
    [
      timed("sweep without news", ({ quietMs }) => quietMs),
      timed("sweep that sees them", ({ broke }) => broke.sweepMs),
      row("from its end to the digest that has them all", ({ broke }) => spread(broke.toldMs)),
      row("messages in a space until then", ({ broke }) => whole(broke.messages)),
      timed("sweep that sees them recovered for the second time", ({ healed }) => healed.sweepMs),
      row("from its end to the digest that says so", ({ healed }) => spread(healed.toldMs)),
      row("messages in a space until the storm is over", ({ healed }) => whole(healed.messages)),
      row("longest that the bot answered nothing", ({ heldMs }) => seconds(heldMs)),
      row("peak memory of the bot (VmHWM)", ({ peakMemory }) => mega(peakMemory)),
    ],
  ).concat("\n");
}
