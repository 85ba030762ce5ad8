import { compareBeliefs } from "./check-beliefs.ts";
import { isSurelySeen } from "./check-outages.ts";
import { itemsNamed } from "./names.ts";
import type { Observed, Watcher } from "./observed.ts";
import type { Version } from "./room-reader.ts";
import { quote } from "./sentences.ts";
import { staysWithin, type TrueItem } from "./truth.ts";

/** The time in which `verify` may have asked the API before it answered. */
const ASKED_MS = 15_000;

/** Check 5, law h: `verify` says that all agrees only if it does. */
export function checkVerify(observed: Observed, watcher: Watcher, from: number, to: number): readonly string[] {
  const { lag } = observed.delays;
  return observed.reader
    .versions(watcher.roomId)
    .filter(({ at, reading }) => at > from && at <= to && reading.verify?.agrees)
    .flatMap((version) => {
      const { at, reading } = version;
      if (observed.delays.isBlind(at - ASKED_MS, at))
        return [`Law h: ${quote(version, reading.firstLine)} is said while the Wholesale API cannot be read.`];
      const lie = observed.lies.find(
        (one) => one.from < at - lag.sweep && one.to > at && isSurelySeen(observed, one, at),
      );
      if (lie !== undefined)
        return [`Law h: ${quote(version, reading.firstLine)} is said while the list leaves out customers.`];
      const since = readSince(observed, at);
      const differences = compareBeliefs(observed, watcher, {
        at,
        mayBeDeleted: false,
        // What changed while the question was under way may be answered either way.
        isSettled: ({ stays }) => staysWithin(stays, since, at).length === 1,
      });
      return [
        ...wrongCount(observed, watcher, version),
        ...differences.flatMap(({ text, item }) => {
          const named = reading.verify?.named.find((line) => isAbout(observed, line, item));
          if (named?.startsWith("Flapping: ")) return [];
          const how = named === undefined ? "" : ` (the answer names “${named}”)`;
          return `Law h: ${quote(version, reading.firstLine)} is wrong${how}: ${text}.`;
        }),
      ];
    });
}

/** `verify` may have read the API at any time since it was asked; until it is answered, it is a disturbance (ALERTS 4). */
function readSince({ delays }: Observed, answeredAt: number): number {
  const asked = delays.disturbancesWithin(answeredAt, answeredAt).filter(({ isCrowd }) => isCrowd);
  return Math.min(answeredAt - ASKED_MS, ...asked.map(({ from }) => from));
}

/** It asks the API itself, so what it counts is neither older nor newer than the question. */
function wrongCount(observed: Observed, { wants }: Watcher, version: Version): readonly string[] {
  const { truth } = observed;
  const { at, reading } = version;
  const { inError } = reading.verify ?? {};
  if (inError === undefined) return [];
  const since = readSince(observed, at);
  const isBad = ({ stays }: TrueItem, how: "some" | "every") => {
    const within = staysWithin(stays, since, at);
    const [first] = within;
    // An item that was added meanwhile is in the answer or not.
    const isThere = first !== undefined && (how === "some" || first.from <= since);
    return isThere && within[how]((stay) => stay.class === "bad");
  };
  const isOwn = ({ item }: TrueItem) => item === "*";
  const others = (item: TrueItem) => truth.itemsOf(item.customer.id).filter((other) => !isOwn(other));
  const wanted = truth.items().filter(wants);
  const count = (how: "some" | "every", inhibiting: "some" | "every") =>
    wanted.filter(
      (item) => isBad(item, how) && !(isOwn(item) && others(item).some((other) => isBad(other, inhibiting))),
    ).length;
  const [least, most] = [count("every", "some"), count("some", "every")];
  if (inError >= least && inError <= most) return [];
  const said = `Law h: ${quote(version, reading.firstLine)}`;
  return [`${said} counts ${inError}, and in truth there are ${least === most ? least : `${least} to ${most}`}.`];
}

/** `Waiting: Contoso · Meetings (alert 12)` */
function isAbout({ truth }: Observed, line: string, item: TrueItem): boolean {
  const [, customer = "", name = ""] = /^[A-Z][a-z ]+: (.+) · (.+?)(?: \(alert \d+\))?$/.exec(line) ?? [];
  return itemsNamed(truth, customer, name).includes(item);
}
