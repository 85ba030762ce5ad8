import type { ClockMode } from "../clock/clock-mode.ts";
import type { BotState, World } from "../world/world.ts";

/** The process of a bot, where the sandbox has started one. */
export interface BotControl {
  state(): BotState;
  start(): void;
  stop(): Promise<void>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Resolves once its time goes like this, or it turns out not to listen. */
  setClockMode(course: ClockMode): Promise<void>;
  /** Called when the bot has looked after its webhooks. */
  checkReady(): void;
}

export type BotStatus = ReturnType<typeof createBotStatus>;

/** How the bot is: the sandbox's own, one that somebody pointed here, or none at all. */
export function createBotStatus(world: World, expected: boolean) {
  let control: BotControl | undefined;

  const state = (): BotState => control?.state() ?? { state: missingWebhook(world) === undefined ? "ready" : "none" };

  const close = world.news.subscribe((news) => {
    if (news.type !== "call" || news.data.by !== "bot" || !news.data.path.startsWith("/webhooks")) return;
    if (control) control.checkReady();
    else world.news.emit({ type: "bot", data: state() });
  });

  return {
    close,
    state,
    control: () => control,
    /** One that the sandbox did not start goes by a time of its own. */
    setClockMode: async (course: ClockMode) => control?.setClockMode(course),
    attach(bot: BotControl): void {
      control = bot;
    },
    /** Why the sandbox is not ready; undefined when it is. */
    notReadyReason(): string | undefined {
      if (!expected) return undefined;
      const own = control?.state();
      if (own && own.state !== "ready") return own.reason ?? "The bot is starting.";
      return missingWebhook(world);
    },
  };
}

/** Why the bot does not hear everything yet; undefined when it does. */
export function missingWebhook({ webhooks, people }: World): string | undefined {
  const active = webhooks.ofPerson(people.bot.id).filter(({ status }) => status === "active");
  const hears = (resources: readonly string[]) =>
    active.some(({ resource, event }) => resources.includes(resource) && ["all", "created"].includes(event));
  if (!hears(["messages", "all"])) return "The bot has no active webhook for messages.";
  if (!hears(["attachmentActions"])) return "The bot has no active webhook for attachmentActions.";
  return undefined;
}
