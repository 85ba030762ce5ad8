import { z } from "zod";
import { parseDuration } from "./domain/duration.ts";

const API_URL = "https://webexapis.com/v1";
const SECRET_HINT = "Make one with: openssl rand -hex 32";

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== ""),
  );

const url = (cure: string) =>
  z.url({ protocol: /^https?$/, error: cure }).transform((text) => text.replace(/\/+$/, ""));

/** A span of time such as `30s`, in milliseconds. */
const duration = (usual: string) => {
  const cure = "Set it to a time such as 30s, 5m or 1h, from 200ms to 7d.";
  return z
    .string()
    .default(usual)
    .transform(parseDuration)
    .pipe(
      z
        .number({ error: cure })
        .min(200, cure)
        .max(7 * 86_400_000, cure),
    );
};

/** Each variable with what makes it valid; the message is the cure (PRODUCT 6). */
export const SCHEMA = z.object({
  WEBEX_BOT_TOKEN: z.string({
    error: "Set it to the token shown when the bot was created at developer.webex.com.",
  }),
  WEBEX_WEBHOOK_SECRET: z
    .string({ error: `Set it to a long random text that only Webex and this bot know. ${SECRET_HINT}` })
    .transform((text) =>
      text
        .split(",")
        .map((secret) => secret.trim())
        .filter((secret) => secret !== ""),
    )
    .refine(
      (secrets) => secrets.length >= 1 && secrets.length <= 2,
      "Give one secret, or two with a comma between them while rotating.",
    )
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 16),
      `Each secret needs 16 characters at least. ${SECRET_HINT}`,
    ),
  PUBLIC_URL: url(
    "Set it to the public https address of this server, such as https://bot.example.com.",
  ).refine(isReachable, "Webex only calls https addresses; http is for this machine (localhost) alone."),
  PORT: z.coerce.number({ error: "Set it to a port number." }).int().min(0).max(65_535).default(3000),
  WHOLESALE_ACCESS_TOKEN: z.string().optional(),
  WHOLESALE_CLIENT_ID: z.string().optional(),
  WHOLESALE_CLIENT_SECRET: z.string().optional(),
  WHOLESALE_REFRESH_TOKEN: z.string().optional(),
  WEBEX_API_URL: url(`Set it to an http(s) address, or leave it out for ${API_URL}.`).default(API_URL),
  WHOLESALE_API_URL: url(`Set it to an http(s) address, or leave it out for ${API_URL}.`).default(API_URL),
  SWEEP_INTERVAL: duration("5m"),
  WATCH_INTERVAL: duration("30s"),
  API_CALLS_PER_MINUTE: z.coerce
    .number({ error: "Set it to a whole number of calls, 12 or more." })
    .int()
    .min(12)
    .max(10_000_000)
    .default(120),
  GROUP_WAIT: duration("30s"),
  GROUP_INTERVAL: duration("5m"),
  REOPEN_WINDOW: duration("30m"),
  REMIND_AFTER: duration("4h"),
  OPS_ROOM_ID: z.string().optional(),
  HEARTBEAT_URL: url("Set it to the http(s) address to call while all is well, or leave it out.").optional(),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default("./data"),
  ALLOW_EMAIL_DOMAINS: list,
  ALLOW_EMAILS: list,
  OPERATORS: list,
  ADMINS: list,
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], { error: "Use debug, info, warn, error or silent." })
    .default("info"),
});

/** The names of all variables the bot reads; `.env.example` and the README are checked against them. */
export const VARIABLES: readonly string[] = Object.keys(SCHEMA.shape);

function isReachable(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
