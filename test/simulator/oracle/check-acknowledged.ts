import type { Observed, Watcher } from "./observed.ts";
import { openItems } from "./open-items.ts";
import type { Version } from "./room-reader.ts";
import { quote, timeText } from "./sentences.ts";
import { staysWithin } from "./truth.ts";

const MINUTE = 60_000;
/** How long the answer may be under way. */
const ANSWER_MS = 30_000;

/** PRODUCT 2: `ack all` acknowledges all that `alerts` lists, so soon after it nothing is left. */
export function checkAcknowledged(observed: Observed, watcher: Watcher, from: number, to: number): readonly string[] {
  const versions = observed.reader.versions(watcher.roomId);
  const lists = versions.filter(({ at, reading }) => reading.form === "alerts" && at > from && at <= to);
  return lists.flatMap((list) => {
    const { isFiltered, isEverywhere, acknowledged = 0 } = list.reading;
    const askedAt = watcher.acknowledgesAll?.findLast((at) => at < list.at - ANSWER_MS && at > list.at - 3 * MINUTE);
    if (askedAt === undefined || isFiltered || isEverywhere || !versions.some((one) => isAnswer(one, askedAt)))
      return [];
    const least = openSince(observed, watcher, askedAt, list.at);
    if (acknowledged >= least) return [];
    const said = `the message ${quote(list, list.reading.firstLine)} counts ${acknowledged} acknowledged`;
    return [`Rule 22: ${said}; at ${timeText(askedAt)} “ack all” was said, and in truth ${least} were open.`];
  });
}

const isAnswer = ({ createdAt, reading: { firstLine } }: Version, askedAt: number): boolean =>
  createdAt >= askedAt &&
  createdAt < askedAt + ANSWER_MS &&
  / acknowledged |^Nothing left to acknowledge/.test(firstLine);

/** So many did not change for so long that the bot knew of them before, and knows nothing new. */
function openSince({ truth, delays }: Observed, { sees = () => true }: Watcher, askedAt: number, at: number): number {
  const since = delays.earliest(askedAt, delays.lag.sweep);
  const { least } = openItems(truth, delays, askedAt, sees);
  return least.filter(({ stays }) => staysWithin(stays, since, at).length <= 1).length;
}
