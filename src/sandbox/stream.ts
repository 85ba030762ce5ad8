import type { ServerResponse } from "node:http";
import { clockOf } from "./console-clock.ts";
import type { Happening } from "./records.ts";
import type { Steps } from "./steps.ts";
import { summaryOf } from "./summary.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { type Lint, lintOf } from "./webex-api/draft.ts";
import type { BotNews, News, World } from "./world.ts";

const KEEP_ALIVE_MS = 20_000;
/** A storm changes many customers at once; the page is told once. */
const GATHER_MS = 50;
/** How the bot keeps watch is told soon after a call, and again while nothing happens, because the minute moves on. */
const SEEING_MS = { soon: 250, anyway: 5_000 };

interface StreamDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly steps: Steps;
  readonly lint: Lint;
  readonly bot: () => BotNews;
}

/** Server-Sent Events: everything that happens, for pages that watch. */
export function createStream({ world, time, steps, lint, bot }: StreamDeps) {
  const watching = new Set<ServerResponse>();
  const unlisten = [
    world.happenings.listen(tellHappening),
    world.news.listen(tellNews),
    time.listen(() => tell("clock", clockOf(time))),
  ];
  const keepAlive = setInterval(() => write(": still here\n\n"), KEEP_ALIVE_MS).unref();
  const anyway = setInterval(tellSeeing, SEEING_MS.anyway).unref();
  let gathering: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;

  function write(text: string): void {
    for (const response of watching) response.write(text);
  }

  function tell(type: string, data: unknown): void {
    if (watching.size > 0) write(frame(type, data));
  }

  function tellHappening(happening: Happening): void {
    const { kind, action } = happening;
    if (kind === "message")
      tell(kind, { action, message: happening.message, lint: lintOf(happening.message, lint) });
    if (happening.kind === "room") {
      const { kind: _, actorId: __, ...change } = happening;
      tell(kind, change);
    }
    if (kind === "membership") tell(kind, { action, membership: happening.membership });
  }

  function tellNews(news: News): void {
    if (news.type === "world") gatherWorld();
    else tell(news.type, news.data);
    if (news.type === "call" && news.data.by === "wholesale") {
      soon ??= setTimeout(tellSeeing, SEEING_MS.soon).unref();
    }
  }

  function tellSeeing(): void {
    clearTimeout(soon);
    soon = undefined;
    tell("seeing", world.seeing());
  }

  function gatherWorld(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      tell("world", summaryOf(world, steps));
    }, GATHER_MS).unref();
  }

  return {
    open(response: ServerResponse): void {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      const now = {
        clock: clockOf(time),
        world: summaryOf(world, steps),
        bot: bot(),
        seeing: world.seeing(),
      };
      response.write(
        Object.entries(now)
          .map(([type, data]) => frame(type, data))
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

const frame = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
