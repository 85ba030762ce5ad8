import type { ServerResponse } from "node:http";
import type { VirtualTime } from "../clock/virtual-time.ts";
import type { ScenarioRunner } from "../scenarios/scenario-runner.ts";
import type { WebexEvent } from "../world/webex-records.ts";
import type { BotState, World } from "../world/world.ts";
import { clockState, worldSummary } from "./control-api.ts";

const KEEP_ALIVE_MS = 20_000;
/** A storm changes many customers at once; the page gets one event. */
const BATCH_MS = 50;
/** The bot's activity is sent soon after a call, and at an interval, because the rate covers the last minute. */
const ACTIVITY_DELAY_MS = 250;
const ACTIVITY_INTERVAL_MS = 5_000;

interface EventStreamDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly scenarioRunner: ScenarioRunner;
  readonly botState: () => BotState;
}

type Send = (type: string, data: unknown) => void;

/** Sends all events of the sandbox to its pages (Server-Sent Events). */
export function createEventStream(deps: EventStreamDeps) {
  const { world, time, scenarioRunner } = deps;
  const clients = new Set<ServerResponse>();
  const write = (text: string): void => {
    for (const response of clients) response.write(text);
  };
  const send: Send = (type, data) => {
    if (clients.size > 0) write(formatEvent(type, data));
  };
  const worldChange = createDelayed(() => send("world", worldSummary(world, scenarioRunner)), BATCH_MS);
  const activity = createDelayed(() => send("seeing", world.botActivity()), ACTIVITY_DELAY_MS);
  const unsubscribe = [
    world.webexEvents.subscribe((event) => sendWebexEvent(send, event)),
    world.events.subscribe((event) => {
      if (event.type === "world") worldChange.schedule();
      else if (event.type !== "device") send(event.type, event.data);
      if (event.type === "call" && event.data.by === "wholesale") activity.schedule();
    }),
    time.onModeChange(() => send("clock", clockState(time))),
  ];
  const intervals = [
    setInterval(() => write(": still here\n\n"), KEEP_ALIVE_MS).unref(),
    setInterval(activity.runNow, ACTIVITY_INTERVAL_MS).unref(),
  ];

  return {
    open(response: ServerResponse): void {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(currentState(deps));
      clients.add(response);
      response.on("close", () => clients.delete(response));
    },
    close(): void {
      for (const stop of unsubscribe) stop();
      for (const interval of intervals) clearInterval(interval);
      worldChange.cancel();
      activity.cancel();
      for (const response of clients) response.end();
    },
  };
}

/** Runs a task once after the delay, however often it is scheduled meanwhile. */
function createDelayed(task: () => void, delayMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const runNow = (): void => {
    cancel();
    task();
  };
  const schedule = (): void => {
    timer ??= setTimeout(runNow, delayMs).unref();
  };
  return { schedule, runNow, cancel };
}

function sendWebexEvent(send: Send, event: WebexEvent): void {
  const { kind, action } = event;
  if (kind === "message") send(kind, { action, message: event.message });
  if (event.kind === "room") {
    const { kind: _, actorId: __, ...change } = event;
    send(kind, change);
  }
  if (kind === "membership") send(kind, { action, membership: event.membership });
}

/** The events that a page gets first. */
function currentState({ world, time, scenarioRunner, botState }: EventStreamDeps): string {
  const now = {
    clock: clockState(time),
    world: worldSummary(world, scenarioRunner),
    bot: botState(),
    seeing: world.botActivity(),
  };
  return Object.entries(now)
    .map(([type, data]) => formatEvent(type, data))
    .join("");
}

const formatEvent = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
