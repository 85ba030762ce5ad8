import type { WebhookConfig } from "../../config.ts";
import { describeSkew, isClockRight, WEBEX_CLOCK } from "../../domain/clock-check.ts";
import { hasOtherSecret, isSame, WEBHOOKS } from "../../webex/webhooks.ts";
import type { WebexPerson, WebexWebhook } from "../../webex/wire.ts";
import { failed, type Outcome, ok, skipped } from "../outcome.ts";
import type { Subject } from "../subject.ts";
import { BY_SOCKET } from "./listener.ts";

/** The owner of the token. A bot's token has no end and fixed rights, so there are no scopes to look at. */
export async function checkBotToken({ webex }: Subject): Promise<Outcome> {
  const me = await webex.me();
  const name = nameOf(me);
  if (me.type === "bot") return ok(`of the bot ${name}; it does not expire`);
  return failed(
    `WEBEX_BOT_TOKEN is the token of a person, ${name}`,
    "Set it to the token shown when the bot was created at developer.webex.com; a person's token ends after 12 hours.",
  );
}

const nameOf = ({ displayName, emails }: WebexPerson): string =>
  emails[0] === undefined ? displayName : `${displayName} (${emails[0]})`;

/** The two ways in which the bot looks people up. */
export async function checkPeople({ webex }: Subject): Promise<Outcome> {
  const { id, emails } = await webex.me();
  await webex.person(id);
  await webex.personByEmail(emails[0] ?? "");
  return ok("can be looked up by id and by address");
}

export async function checkClock({ webex, clockSkewMs }: Subject): Promise<Outcome> {
  // Any answer has the time, also that a token is refused.
  await webex.me().catch(() => undefined);
  const skewMs = clockSkewMs();
  if (skewMs === undefined) return skipped("Webex did not say what time it is");
  if (isClockRight(skewMs, WEBEX_CLOCK)) return ok("agrees with Webex");
  return failed(
    `this machine is ${describeSkew(skewMs, WEBEX_CLOCK)}`,
    "Set the clock by NTP (timedatectl set-ntp true): digests, reminders and expiries go by it.",
  );
}

/** The first call of a bot without a public address; the next ones would take its place on the device. */
export async function checkSocket({ socketServices }: Subject): Promise<Outcome> {
  if (socketServices === undefined) return skipped("PUBLIC_URL is set: Webex calls the bot");
  await socketServices();
  return ok("Webex says where to listen; the connection itself is not tried");
}

export async function checkWebhooks({ webex, config, bot }: Subject): Promise<Outcome> {
  const { webhook } = config.webex;
  if (webhook === undefined) return skipped(BY_SOCKET);
  const hooks = await webex.webhooks();
  const isRunning = (await bot()).state === "running";
  const ours = WEBHOOKS.map((wanted) => hooks.find((hook) => isSame(hook, wanted)));
  const problems = ours.flatMap((hook) => (hook === undefined ? [] : (problemOf(hook, webhook) ?? [])));
  if (problems[0] !== undefined) return problems[0];
  if (ours.every((hook) => hook !== undefined)) return ok("both are registered, active, and point here");
  if (!isRunning) return ok("not registered yet; the bot does so when it starts");
  return failed("not all are registered, although a bot runs", REGISTERED_BY_ITSELF);
}

const REGISTERED_BY_ITSELF =
  "The bot looks after them each minute. If they are still missing then, its log says why: webhooks.failed.";

function problemOf(hook: WebexWebhook, { publicUrl }: WebhookConfig): Outcome | undefined {
  const { targetUrl, status } = hook;
  if (targetUrl !== `${publicUrl}/webhook`)
    return failed(
      `they point to another server, ${hostOf(targetUrl)}`,
      "Stop the bot there, or give this one a bot of its own; then start this one: it registers them anew.",
    );
  if (status !== "active")
    return failed(
      "switched off by Webex, because a hundred calls in five minutes failed",
      "Start the bot: it switches them on, and looks after them each minute. Then see why it could not be reached.",
    );
  if (hasOtherSecret(hook))
    return failed(
      "registered with another secret than WEBEX_WEBHOOK_SECRET, so the bot refuses what Webex sends",
      "Set the same WEBEX_WEBHOOK_SECRET everywhere, and restart the bot: it registers them anew.",
    );
  return undefined;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "an invalid address");

export async function checkOpsRoom({ webex, config: { alerting } }: Subject): Promise<Outcome> {
  const roomId = alerting.opsRoomId;
  if (roomId === undefined) return skipped("OPS_ROOM_ID is not set");
  const { id } = await webex.me();
  const { title } = await webex.room(roomId);
  const members = await webex.memberships({ roomId, personId: id });
  if (members.some(({ personId }) => personId === id)) return ok(`the bot is in "${title}"`);
  return failed(`the bot is not in "${title}"`, "Add it to that space, or set OPS_ROOM_ID to a space that it is in.");
}

export async function checkWebexStatus({ webexStatus }: Subject): Promise<Outcome> {
  if (webexStatus === undefined) return skipped("STATUS_URL is not set");
  const { events } = await webexStatus();
  return ok(
    events.length === 0
      ? "tells of no incident and no maintenance"
      : `tells of ${events.map(({ name }) => name).join("; ")}`,
  );
}
