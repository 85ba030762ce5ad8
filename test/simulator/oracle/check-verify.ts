import type { Observed, Watcher } from "./beliefs.ts";
import { compareBeliefs } from "./check-beliefs.ts";
import { itemsNamed } from "./names.ts";
import { quote } from "./sentences.ts";
import { staysWithin, type TrueItem } from "./truth.ts";

/** The time in which `verify` may have asked the API before it answered. */
const ASKED_MS = 15_000;

/** Check 5, law h: `verify` says that all agrees only if it does. */
export function checkVerify(observed: Observed, watcher: Watcher, from: number, to: number): readonly string[] {
  return observed.reader
    .versions(watcher.roomId)
    .filter(({ at, reading }) => at > from && at <= to && reading.verify?.agrees)
    .flatMap((version) => {
      const { at, reading } = version;
      if (observed.delays.isBlind(at - ASKED_MS, at))
        return [`Law h: ${quote(version, reading.firstLine)} is said while the Wholesale API cannot be read.`];
      const differences = compareBeliefs(observed, watcher, {
        at,
        // What changed while the question was under way may be answered either way.
        isSettled: ({ stays }) => staysWithin(stays, at - ASKED_MS, at).length === 1,
      });
      return differences.flatMap(({ text, item }) => {
        const named = reading.verify?.named.find((line) => isAbout(observed, line, item));
        if (named?.startsWith("Flapping: ")) return [];
        const how = named === undefined ? "" : ` (the answer names “${named}”)`;
        return `Law h: ${quote(version, reading.firstLine)} is wrong${how}: ${text}.`;
      });
    });
}

/** `Waiting: Contoso · Meetings (alert 12)` */
function isAbout({ truth }: Observed, line: string, item: TrueItem): boolean {
  const [, customer = "", name = ""] = /^[A-Z][a-z ]+: (.+) · (.+?)(?: \(alert \d+\))?$/.exec(line) ?? [];
  return itemsNamed(truth, customer, name).includes(item);
}
