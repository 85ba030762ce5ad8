import type { ServerResponse } from "node:http";
import type { VirtualTime } from "../clock/virtual-time.ts";
import type { ScenarioRunner } from "../scenarios/scenario-runner.ts";
import type { WebexEvent } from "../world/webex-records.ts";
import type { BotState, SandboxEvent, World } from "../world/world.ts";
import { clockState, worldSummary } from "./control-api.ts";

const KEEP_ALIVE_MS = 20_000;
/** A storm changes many customers at once; the page is told once. */
const BATCH_MS = 50;
/** How the bot keeps watch is told soon after a call, and again while nothing happens, because the minute moves on. */
const ACTIVITY_INTERVALS_MS = { soon: 250, anyway: 5_000 };

interface EventStreamDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly scenarioRunner: ScenarioRunner;
  readonly botState: () => BotState;
}

/** Server-Sent Events: everything that happens, for pages that watch. */
export function createEventStream({ world, time, scenarioRunner, botState }: EventStreamDeps) {
  const watching = new Set<ServerResponse>();
  const unlisten = [
    world.happenings.subscribe(tellHappening),
    world.news.subscribe(tellNews),
    time.onModeChange(() => tell("clock", clockState(time))),
  ];
  const keepAlive = setInterval(() => write(": still here\n\n"), KEEP_ALIVE_MS).unref();
  const anyway = setInterval(tellSeeing, ACTIVITY_INTERVALS_MS.anyway).unref();
  let gathering: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;

  function write(text: string): void {
    for (const response of watching) response.write(text);
  }

  function tell(type: string, data: unknown): void {
    if (watching.size > 0) write(formatEvent(type, data));
  }

  function tellHappening(happening: WebexEvent): void {
    const { kind, action } = happening;
    if (kind === "message") tell(kind, { action, message: happening.message });
    if (happening.kind === "room") {
      const { kind: _, actorId: __, ...change } = happening;
      tell(kind, change);
    }
    if (kind === "membership") tell(kind, { action, membership: happening.membership });
  }

  function tellNews(news: SandboxEvent): void {
    if (news.type === "world") gatherWorld();
    else tell(news.type, news.data);
    if (news.type === "call" && news.data.by === "wholesale") {
      soon ??= setTimeout(tellSeeing, ACTIVITY_INTERVALS_MS.soon).unref();
    }
  }

  function tellSeeing(): void {
    clearTimeout(soon);
    soon = undefined;
    tell("seeing", world.botActivity());
  }

  function gatherWorld(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      tell("world", worldSummary(world, scenarioRunner));
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
      watching.add(response);
      response.on("close", () => watching.delete(response));
    },
    close(): void {
      for (const stop of unlisten) stop();
      for (const timer of [keepAlive, anyway, gathering, soon]) clearTimeout(timer);
      for (const response of watching) response.end();
    },
  };
}

const formatEvent = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
