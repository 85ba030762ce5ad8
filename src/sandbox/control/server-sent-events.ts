import type { ServerResponse } from "node:http";
import type { VirtualTime } from "../clock/virtual-time.ts";
import type { ScenarioRunner } from "../scenarios/scenario-runner.ts";
import type { WebexEvent } from "../world/webex-records.ts";
import type { BotState, SandboxEvent, World } from "../world/world.ts";
import { clockState, worldSummary } from "./control-api.ts";

const KEEP_ALIVE_MS = 20_000;
/** A storm changes many customers at once; the page gets one event. */
const BATCH_MS = 50;
/** The bot's activity is sent soon after a call, and at an interval, because the rate covers the last minute. */
const ACTIVITY_INTERVALS_MS = { activityTimer: 250, interval: 5_000 };

interface EventStreamDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly scenarioRunner: ScenarioRunner;
  readonly botState: () => BotState;
}

/** Sends all events of the sandbox to its pages (Server-Sent Events). */
export function createEventStream({ world, time, scenarioRunner, botState }: EventStreamDeps) {
  const clients = new Set<ServerResponse>();
  const unsubscribe = [
    world.webexEvents.subscribe(sendWebexEvent),
    world.events.subscribe(sendSandboxEvent),
    time.onModeChange(() => send("clock", clockState(time))),
  ];
  const keepAlive = setInterval(() => write(": still here\n\n"), KEEP_ALIVE_MS).unref();
  const interval = setInterval(sendActivity, ACTIVITY_INTERVALS_MS.interval).unref();
  let worldTimer: NodeJS.Timeout | undefined;
  let activityTimer: NodeJS.Timeout | undefined;

  function write(text: string): void {
    for (const response of clients) response.write(text);
  }

  function send(type: string, data: unknown): void {
    if (clients.size > 0) write(formatEvent(type, data));
  }

  function sendWebexEvent(event: WebexEvent): void {
    const { kind, action } = event;
    if (kind === "message") send(kind, { action, message: event.message });
    if (event.kind === "room") {
      const { kind: _, actorId: __, ...change } = event;
      send(kind, change);
    }
    if (kind === "membership") send(kind, { action, membership: event.membership });
  }

  function sendSandboxEvent(event: SandboxEvent): void {
    if (event.type === "world") scheduleWorld();
    else send(event.type, event.data);
    if (event.type === "call" && event.data.by === "wholesale") {
      activityTimer ??= setTimeout(sendActivity, ACTIVITY_INTERVALS_MS.activityTimer).unref();
    }
  }

  function sendActivity(): void {
    clearTimeout(activityTimer);
    activityTimer = undefined;
    send("seeing", world.botActivity());
  }

  function scheduleWorld(): void {
    worldTimer ??= setTimeout(() => {
      worldTimer = undefined;
      send("world", worldSummary(world, scenarioRunner));
    }, BATCH_MS).unref();
  }

  return {
    open(response: ServerResponse): void {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      const now = {
        clock: clockState(time),
        world: worldSummary(world, scenarioRunner),
        bot: botState(),
        seeing: world.botActivity(),
      };
      response.write(
        Object.entries(now)
          .map(([type, data]) => formatEvent(type, data))
          .join(""),
      );
      clients.add(response);
      response.on("close", () => clients.delete(response));
    },
    close(): void {
      for (const stop of unsubscribe) stop();
      for (const timer of [keepAlive, interval, worldTimer, activityTimer]) clearTimeout(timer);
      for (const response of clients) response.end();
    },
  };
}

const formatEvent = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
