import type { World } from "./world.ts";

/** Why the bot does not hear everything yet; undefined when it does. */
export function missingOf({ webhooks, people }: World): string | undefined {
  const active = webhooks.of(people.bot.id).filter(({ status }) => status === "active");
  const hears = (resources: readonly string[]) =>
    active.some(
      ({ resource, event }) => resources.includes(resource) && (event === "all" || event === "created"),
    );
  if (!hears(["messages", "all"])) return "The bot has no active webhook for messages.";
  if (!hears(["attachmentActions"])) return "The bot has no active webhook for attachmentActions.";
  return undefined;
}
