import type { ClockMode } from "../clock/clock-mode.ts";
import type { BotState, World } from "../world/world.ts";

/** The process of the bot that the sandbox started. */
export interface BotControl {
  state(): BotState;
  start(): void;
  stop(): Promise<void>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Resolves once the bot has confirmed the mode, or after a timeout. */
  setClockMode(mode: ClockMode): Promise<void>;
  /** Called when the bot has called the webhook API. */
  checkReady(): void;
}

export type BotStatus = ReturnType<typeof createBotStatus>;

/** The state of the bot: started by the sandbox, started by somebody else, or none. */
export function createBotStatus(world: World, expected: boolean) {
  let control: BotControl | undefined;

  const state = (): BotState => control?.state() ?? { state: missingWebhook(world) === undefined ? "ready" : "none" };

  const close = world.events.subscribe((event) => {
    if (event.type !== "call" || event.data.by !== "bot" || !event.data.path.startsWith("/webhooks")) return;
    if (control) control.checkReady();
    else world.events.emit({ type: "bot", data: state() });
  });

  return {
    close,
    state,
    control: () => control,
    /** A bot that the sandbox did not start keeps its own clock. */
    setClockMode: async (mode: ClockMode) => control?.setClockMode(mode),
    attach(bot: BotControl): void {
      control = bot;
    },
    /** The reason why the sandbox is not ready; undefined when it is. */
    notReadyReason(): string | undefined {
      if (!expected) return undefined;
      const own = control?.state();
      if (own && own.state !== "ready") return own.reason ?? "The bot is starting.";
      return missingWebhook(world);
    },
  };
}

/** The first webhook that the bot lacks, in words; undefined when it has all. */
export function missingWebhook({ webhooks, people }: World): string | undefined {
  const active = webhooks.ofPerson(people.bot.id).filter(({ status }) => status === "active");
  const isSubscribed = (resources: readonly string[]) =>
    active.some(({ resource, event }) => resources.includes(resource) && ["all", "created"].includes(event));
  if (!isSubscribed(["messages", "all"])) return "The bot has no active webhook for messages.";
  if (!isSubscribed(["attachmentActions"])) return "The bot has no active webhook for attachmentActions.";
  return undefined;
}
