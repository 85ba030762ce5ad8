import { describeSkew, isClockRight, WEBEX_CLOCK } from "../domain/clock-check.ts";
import type { Presence } from "../domain/ports/messaging.ts";
import type { FaultLog } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import { runOnce, startLoop } from "../monitor/loops.ts";
import type { Shutdown } from "../shutdown.ts";
import type { CommonTime } from "./common-time.ts";

interface SelfCheckDeps {
  readonly store: Store;
  readonly presence: Presence;
  /** Returns true if Webex had switched a webhook off. Absent where the bot has none. */
  readonly ensureWebhooks: (() => Promise<boolean>) | undefined;
  readonly webhookCheckMs: number;
  readonly webexClock: { readonly skewMs: number | undefined };
  readonly time: CommonTime;
  readonly log: FaultLog;
  readonly shutdown: Shutdown;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Starts the loops by which the bot finds out what is wrong with itself, and reports it to the log and the ops room. */
export async function startSelfChecks(deps: SelfCheckDeps): Promise<void> {
  const { store, log, shutdown, time } = deps;
  const { ensureWebhooks } = deps;
  if (ensureWebhooks !== undefined) await startWebhookChecks({ ...deps, ensureWebhooks });
  const checkDatabase = async (): Promise<void> => {
    await store.tryWrite();
    await time.followDatabase(store);
  };
  const minutely = { pauseMs: MINUTE_MS, sleep: time.sleep, log };
  shutdown.add(startLoop({ name: "database", run: checkDatabase, ...minutely }).stop);
  shutdown.add(
    startLoop({
      name: "clock",
      run: reportingToOps(deps, "This machine’s clock is wrong", checkClock(deps)),
      ...minutely,
    }).stop,
  );
  startRoomChecks(deps);
}

/** Registers the webhooks, then checks them again and again (ALERTS 33). */
async function startWebhookChecks(
  deps: SelfCheckDeps & { readonly ensureWebhooks: () => Promise<boolean> },
): Promise<void> {
  const { store, ensureWebhooks, webhookCheckMs, time, log, shutdown } = deps;
  let toldAt = Number.NEGATIVE_INFINITY;
  const check = async (): Promise<void> => {
    const wereOff = await ensureWebhooks();
    if (!wereOff || time.clock() - toldAt < HOUR_MS) return;
    toldAt = time.clock();
    await store.outbox.notifyOps(WEBHOOKS_WERE_OFF, time.clock());
  };
  const loop = { name: "webhooks", run: reportingToOps(deps, "Webhooks do not work", check), log } as const;
  await runOnce(loop);
  shutdown.add(startLoop({ ...loop, pauseMs: webhookCheckMs, sleep: time.sleep }).stop);
}

const WEBHOOKS_WERE_OFF = [
  "Webex had switched the bot’s webhooks off",
  "A hundred calls to the bot failed within five minutes. The webhooks are on again; what was asked meanwhile is lost.",
  "See whether PUBLIC_URL can be reached from outside: npm run doctor",
];

function checkClock({ webexClock: clock }: SelfCheckDeps): () => Promise<void> {
  return async () => {
    const { skewMs = 0 } = clock;
    if (isClockRight(skewMs, WEBEX_CLOCK)) return;
    const hint = "Set it by NTP: digests, reminders and the end of tokens go by it.";
    throw new Failure("clock.wrong", `This machine’s clock is ${describeSkew(skewMs, WEBEX_CLOCK)}.`, hint);
  };
}

/** Two failures in a row are reported to the ops room; one alone may pass. */
function reportingToOps(
  { store, time }: SelfCheckDeps,
  title: string,
  check: () => Promise<void>,
): () => Promise<void> {
  let failures = 0;
  return async () => {
    try {
      await check();
      failures = 0;
    } catch (error) {
      failures += 1;
      const lines = error instanceof Failure ? [error.message, error.hint] : ["See the bot’s log."];
      if (failures === 2) await store.outbox.notifyOps([title, ...lines], time.clock());
      throw error;
    }
  };
}

/** Looks at the start and hourly whether the bot is back in a suspended room, in case an event of that room got lost (ALERTS 29). */
function startRoomChecks({ store, presence, time, log, shutdown }: SelfCheckDeps): void {
  const { outbox } = store;
  const run = async (): Promise<void> => {
    for (const roomId of await outbox.suspendedRooms())
      if (await presence.isMember(roomId)) await outbox.resume(roomId, time.clock());
  };
  shutdown.add(startLoop({ name: "room_checks", pauseMs: HOUR_MS, atOnce: true, run, sleep: time.sleep, log }).stop);
}
