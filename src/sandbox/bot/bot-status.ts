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
  /** Called when the bot has called the webhook API, or a device listens or does no more. */
  checkReady(): void;
}

export type BotStatus = ReturnType<typeof createBotStatus>;

/** The state of the bot: started by the sandbox, started by somebody else, or none. */
export function createBotStatus(world: World, expected: boolean) {
  let control: BotControl | undefined;

  const state = (): BotState => control?.state() ?? { state: notHearingReason(world) === undefined ? "ready" : "none" };

  const close = world.events.subscribe((event) => {
    const isWebhookCall = event.type === "call" && event.data.by === "bot" && event.data.path.startsWith("/webhooks");
    if (!isWebhookCall && event.type !== "device") return;
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
      return notHearingReason(world);
    },
  };
}

/** The first webhook that the bot lacks, in words; undefined when it has all, or when a device of it listens. */
export function notHearingReason({ devices, webhooks, people }: World): string | undefined {
  if (devices.ofPerson(people.bot.id).some(({ id }) => devices.isListening(id))) return undefined;
  const active = webhooks.ofPerson(people.bot.id).filter(({ status }) => status === "active");
  const isSubscribed = (resources: readonly string[]) =>
    active.some(({ resource, event }) => resources.includes(resource) && ["all", "created"].includes(event));
  if (!isSubscribed(["messages", "all"])) return "The bot has no active webhook for messages.";
  if (!isSubscribed(["attachmentActions"])) return "The bot has no active webhook for attachmentActions.";
  return undefined;
}
