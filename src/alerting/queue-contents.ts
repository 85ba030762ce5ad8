import { isRefusedForLong } from "../domain/alerts/delivery-policy.ts";
import type { QueueContents, RecipientQueue } from "../domain/alerts/grouping.ts";
import type { NoticeKind } from "../domain/alerts/notice.ts";
import type { StormLane } from "../domain/alerts/storm.ts";
import { compiledQuery } from "../store/compiled.ts";
import type { Db } from "./transaction.ts";

/** Without a storm, what waited for one is grouped. */
export async function readQueueContents(
  tx: Db,
  recipient: string,
  queue: RecipientQueue,
): Promise<{ readonly contents: QueueContents; readonly priority: number }> {
  const lanes = await lanesOf(tx, { recipient });
  const urgent = lanes.find((lane) => lane.urgent === 1);
  const isOfStorm = (lane: Lane) => queue.storm !== undefined && lane.storm === 1;
  const grouped = lanes.filter((lane) => lane.urgent === 0 && !isOfStorm(lane));
  const times = grouped.flatMap(({ groupAt }) => groupAt ?? []);
  const short = grouped.flatMap(({ cameAndWentAt }) => cameAndWentAt ?? []);
  const storm = lanes.find((lane) => lane.urgent === 0 && isOfStorm(lane));
  const hasRegression = grouped.some(({ regression }) => regression === 1);
  return {
    priority: urgent?.outage === 1 ? 1 : 0,
    contents: {
      ...(urgent && { urgentAt: urgent.queuedAt }),
      ...(times.length > 0 && { groupAt: Math.min(...times) }),
      ...(short.length > 0 && { cameAndWentAt: Math.min(...short) }),
      ...(storm && { lane: stormLaneOf(storm) }),
      hasRepeats: lanes.some((lane) => lane.possiblySent === 1 || isRefusedForLong(lane.refused ?? 0)),
      hasRegression,
      isQuiet: hasRegression && (await isQuiet(tx, recipient)),
    },
  };
}

type Lane = Awaited<ReturnType<typeof lanesOf>>[number];

const lanesOf = compiledQuery((db, { recipient }: { recipient: string }) =>
  db
    .selectFrom("outbox")
    .select(({ fn, eb, ref }) => {
      const when = (...kinds: readonly NoticeKind[]) => eb.case().when("kind", "in", kinds);
      return [
        "urgent",
        "storm",
        fn.min("queuedAt").as("queuedAt"),
        fn.min<number | null>(when("came-and-went").then(ref("queuedAt")).end()).as("cameAndWentAt"),
        fn.min<number | null>(eb.case().when("kind", "!=", "came-and-went").then(ref("queuedAt")).end()).as("groupAt"),
        fn.max("possiblySent").as("possiblySent"),
        fn.max<number | null>(eb.case().when("cause", "=", "rejected").then(ref("givenUp")).end()).as("refused"),
        fn.max("regression").as("regression"),
        fn.max(when("outage").then(1).else(0).end()).as("outage"),
        fn.count<number>(when("alert").then(1).end()).as("opened"),
        fn.max<number | null>(when("alert", "reopen").then(ref("queuedAt")).end()).as("newestAt"),
        fn.max<number | null>(when("storm-end").then(ref("queuedAt")).end()).as("endQueuedAt"),
        fn.min<number | null>(eb.case().when("kind", "!=", "storm-end").then(ref("queuedAt")).end()).as("oldestAt"),
      ];
    })
    .where("recipient", "=", recipient)
    .where("state", "=", "pending")
    .groupBy(["urgent", "storm"]),
);

const stormLaneOf = ({ opened, oldestAt, newestAt, endQueuedAt }: Lane): StormLane => ({
  opened,
  ...(oldestAt !== null && { oldestAt }),
  ...(newestAt !== null && { newestAt }),
  ...(endQueuedAt !== null && { endQueuedAt }),
});

/** True if the room was notified of no alert that is open. */
async function isQuiet(tx: Db, roomId: string): Promise<boolean> {
  const open = await tx
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}
