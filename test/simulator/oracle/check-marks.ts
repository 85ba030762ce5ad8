import { type Observed, statementsOf, type Watcher } from "./observed.ts";
import type { Version } from "./room-reader.ts";
import { quote } from "./sentences.ts";

/** Rule 28: a message is marked as possibly repeated only if another one may have arrived. */
export function checkMarks(observed: Observed, watcher: Watcher, from: number, to: number): readonly string[] {
  return observed.reader
    .versions(watcher.roomId)
    .filter(({ at, isEdit, reading }) => reading.isRepeat && !isEdit && at > from && at <= to)
    .flatMap((version) =>
      triedAt(observed, version).some((at) => mayRepeat(observed, version, at))
        ? []
        : [`Rule 28: ${quote(version, version.reading.firstLine)} has a mark, and nothing was repeated.`],
    );
}

function mayRepeat({ doubts, delays }: Observed, { roomId }: Version, triedAt: number): boolean {
  return doubts.some(
    (one) => (one.roomId ?? roomId) === roomId && one.at <= triedAt && !delays.isSure(one.at, triedAt, delays.lag.tell),
  );
}

/** When the message was posted, and when Webex rejected it before with its mark: then it was tried again later (ALERTS 29). */
function triedAt(observed: Observed, version: Version): readonly number[] {
  const told = new Set(statementsOf(observed, version).flatMap(({ items }) => items));
  const rejected = observed.rejections.filter(
    ({ roomId, at, reading }) =>
      roomId === version.roomId &&
      at < version.at &&
      reading.isRepeat &&
      reading.statements.some((statement) => observed.resolve(statement).some((item) => told.has(item))),
  );
  return [version.at, ...rejected.map(({ at }) => at)];
}
