import type { Config } from "./config.ts";
import type { Health } from "./domain/health.ts";
import type { Target } from "./domain/notices/outbox.ts";
import type { Log, Messenger, Store, Time } from "./domain/ports.ts";
import type { Pulse } from "./health.ts";
import { createHttp } from "./http.ts";
import { type DeliverDeps, startDelivery } from "./monitor/deliver.ts";
import { startHeartbeat } from "./monitor/heartbeat.ts";
import { startReminding } from "./monitor/remind.ts";
import type { Undo } from "./undo.ts";

interface TellingDeps {
  readonly config: Config;
  readonly store: Store;
  readonly messenger: Messenger;
  /** How many people in a room are no insiders; undefined when that cannot be told. */
  readonly guests: (roomId: string) => Promise<number | undefined>;
  readonly refresh: DeliverDeps["refresh"];
  readonly messages: Pulse;
  readonly health: () => Promise<Health>;
  readonly holder: string;
  readonly time: Time;
  readonly log: Log;
  readonly undo: Undo;
}

/** Starts what tells people unasked: it sends what is owed, sees to what time brings, and lets the outside know that it lives. */
export async function startTelling(deps: TellingDeps): Promise<void> {
  const { config, store, messenger, time, log, undo, holder } = deps;
  const { outbox, cards } = store;
  const { timings, heartbeatUrl } = config.alerting;
  const released = await outbox.release();
  if (released > 0) log.info("outbox.taken_over", { messages: released });
  undo.push(
    startDelivery({
      outbox,
      messenger,
      cards,
      holder,
      log,
      ...time,
      mayTell: mayTell(deps),
      refresh: deps.refresh,
      speaking: deps.messages.watch,
      everyMs: Math.min(1_000, Math.max(50, timings.waitMs / 2)),
      random: Math.random,
    }).stop,
  );
  undo.push(startReminding({ outbox, periodMs: config.monitor.sweepMs, log, ...time }).stop);
  if (heartbeatUrl !== undefined) startBeating(deps, heartbeatUrl);
}

/** Undefined where nobody can say who is in a space: it is told of no customer then either (PRODUCT 5). */
function mayTell({ store, guests }: TellingDeps) {
  return async (target: Target): Promise<boolean | undefined> => {
    if (!("roomId" in target) || (await store.rooms.isAllowed(target.roomId))) return true;
    const count = await guests(target.roomId);
    return count === undefined ? undefined : count === 0;
  };
}

const HEARTBEAT_HTTP = { connections: 1, timeoutMs: 10_000, retries: 2 };

function startBeating({ health, time, log, undo }: TellingDeps, address: string): void {
  const { origin, pathname, search } = new URL(address);
  const http = createHttp({ baseUrl: origin, ...HEARTBEAT_HTTP });
  undo.push(() => http.close());
  const isWell = async () =>
    (await health()).checks.every(({ name, ok, vital }) => ok || !(vital || name === "Sight"));
  const ping = async () => void (await http.request({ method: "GET", path: `${pathname}${search}` }));
  undo.push(startHeartbeat({ isWell, ping, sleep: time.sleep, log }).stop);
}
