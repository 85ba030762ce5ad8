import type { Observed, Watcher } from "./beliefs.ts";
import { quote } from "./sentences.ts";

/** Rule 28: a message is marked as possibly repeated only if another one may have arrived. */
export function checkMarks({ delays, doubts, reader }: Observed, watcher: Watcher, from: number, to: number) {
  return reader
    .versions(watcher.roomId)
    .filter(({ at, isEdit, reading }) => reading.isRepeat && !isEdit && at > from && at <= to)
    .flatMap((version) => {
      const isTrue = doubts.some(
        ({ at, roomId = version.roomId }) =>
          roomId === version.roomId && at <= version.at && !delays.isSure(at, version.at, delays.lag.tell),
      );
      return isTrue
        ? []
        : [`Rule 28: ${quote(version, version.reading.firstLine)} has a mark, and nothing was repeated.`];
    });
}
