import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseCodes } from "./codes-file.ts";
import { foldAddress } from "./domain/address.ts";
import type { ErrorCodes } from "./domain/alerts/error-codes.ts";
import type { Timings } from "./domain/alerts/grouping.ts";
import { parseDuration } from "./domain/duration.ts";

/** The settings from the environment. E-mail addresses and domains are lower case; URLs have no slash at the end. */
export interface Config {
  readonly port: number;
  readonly logLevel: string;
  /** The bearer token that opens `/metrics`; absent when nobody may read them. */
  readonly metricsToken?: string;
  readonly webex: {
    readonly apiUrl: string;
    readonly botToken: string;
    /** Where Webex calls the bot; absent when the bot listens by a websocket, without a public address. */
    readonly webhook?: WebhookConfig;
  };
  readonly wholesale: { readonly apiUrl: string; readonly auth: Credentials };
  readonly monitor: { readonly sweepMs: number; readonly watchMs: number; readonly callsPerMinute: number };
  readonly alerting: {
    /** `GROUP_WAIT`, `GROUP_INTERVAL`, `REOPEN_WINDOW`, `REMIND_AFTER`. */
    readonly timings: Timings;
    /** The space in which the bot reports on itself. */
    readonly opsRoomId?: string;
    /** Called every minute while the bot can read the Wholesale API and post to Webex. */
    readonly heartbeatUrl?: string;
  };
  readonly database: {
    readonly databaseUrl?: string;
    readonly dataDir: string;
    /** Encrypt tokens at rest: none, one, or two while a new one replaces the old one, which still decrypts. */
    readonly dataKeys: readonly Buffer[];
  };
  /** How many questions of one person are answered in a minute. */
  readonly questionsPerMinute: number;
  /** The document of Webex Status; absent when it is not read. */
  readonly statusUrl?: string;
  /** The entries of `CODES_FILE`, over those that the bot comes with. */
  readonly codes: ErrorCodes;
  readonly access: {
    readonly emailDomains: readonly string[];
    readonly emails: readonly string[];
    readonly operators: readonly string[];
    readonly admins: readonly string[];
  };
}

export interface WebhookConfig {
  readonly publicUrl: string;
  /** One, or two while a new secret replaces the old one. Webex signs with the first; both are accepted. */
  readonly secrets: readonly string[];
}

export type Credentials =
  | { readonly kind: "static"; readonly accessToken: string }
  | {
      readonly kind: "refresh";
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
    };

export type ConfigRead =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;
type Variables = Readonly<Record<string, string>>;

/** Reads the environment. All problems are reported at once, each as `NAME: hint`. */
export function readConfig(environment: Environment): ConfigRead {
  const { variables, unread } = readVariables(environment);
  const read = SCHEMA.safeParse(variables);
  const credentials = readCredentials(variables);
  const isSigned = variables.PUBLIC_URL === undefined || variables.WEBEX_WEBHOOK_SECRET !== undefined;
  if (read.success && isSigned && typeof credentials !== "string" && unread.size === 0)
    return { ok: true, config: configOf(read.data, credentials) };
  const problems = [
    ...(read.success ? [] : read.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`)),
    ...(isSigned ? [] : [`WEBEX_WEBHOOK_SECRET: ${NO_SECRET}`]),
    ...(typeof credentials === "string" ? [credentials] : []),
  ];
  const isKnown = (problem: string) => [...unread.keys()].some((name) => problem.split(":")[0]?.includes(name));
  return { ok: false, problems: [...unread.values(), ...problems.filter((problem) => !isKnown(problem))] };
}

/** Says that the bot cannot start with these problems. */
export function explainProblems(problems: readonly string[]): string {
  const lines = [
    "The bot cannot start with this environment:",
    ...problems.map((problem) => `  ${problem}`),
    "To try it without any of this: npm run sandbox",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * The variables that are set. Each may be in a file instead, which `<NAME>_FILE` names: that is how orchestrators hand over
 * secrets. An empty variable counts as not set.
 */
export function readVariables(environment: Environment) {
  const variables: Record<string, string> = {};
  /** The problems with files, by the variable that they are about. */
  const unread = new Map<string, string>();
  for (const name of VARIABLES) {
    const value = environment[name]?.trim();
    const path = environment[`${name}_FILE`]?.trim();
    const read = path ? readFile(path) : { text: value };
    if (path && value) unread.set(name, `${name}: Set either this or ${name}_FILE, not both.`);
    else if (read.problem !== undefined) unread.set(name, `${name}_FILE: ${read.problem}`);
    else if (read.text) variables[name] = read.text;
  }
  return { variables, unread };
}

/** The path is not part of the problem, because some people put the secret itself there. */
function readFile(path: string): { readonly text?: string | undefined; readonly problem?: string } {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? { problem: "The file is empty. Put the value into it, and nothing else." } : { text };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    return { problem: `The file cannot be read${code}. Set it to the path of a file that this process may read.` };
  }
}

/** The secrets, which must never be shown. `DATABASE_URL` is not here: it is sent to no API, and the database's own errors are never shown. */
export function secretsOf({ webex, wholesale: { auth }, metricsToken }: Config): readonly string[] {
  const wholesale = auth.kind === "static" ? [auth.accessToken] : [auth.clientSecret, auth.refreshToken];
  const secrets = webex.webhook?.secrets ?? [];
  return [webex.botToken, ...secrets, ...wholesale, ...(metricsToken === undefined ? [] : [metricsToken])];
}

function configOf(variables: z.infer<typeof SCHEMA>, credentials: Credentials): Config {
  return {
    port: variables.PORT,
    logLevel: variables.LOG_LEVEL,
    ...(variables.METRICS_TOKEN === undefined ? {} : { metricsToken: variables.METRICS_TOKEN }),
    webex: {
      apiUrl: variables.WEBEX_API_URL,
      botToken: variables.WEBEX_BOT_TOKEN,
      ...webhookOf(variables),
    },
    wholesale: { apiUrl: variables.WHOLESALE_API_URL, auth: credentials },
    monitor: {
      sweepMs: variables.SWEEP_INTERVAL,
      watchMs: variables.WATCH_INTERVAL,
      callsPerMinute: variables.API_CALLS_PER_MINUTE,
    },
    alerting: alertingOf(variables),
    database: {
      dataDir: variables.DATA_DIR,
      dataKeys: variables.DATA_KEY,
      ...(variables.DATABASE_URL === undefined ? {} : { databaseUrl: variables.DATABASE_URL }),
    },
    questionsPerMinute: variables.QUESTIONS_PER_MINUTE,
    codes: variables.CODES_FILE,
    ...(variables.STATUS_URL !== undefined && { statusUrl: variables.STATUS_URL }),
    access: {
      emailDomains: variables.ALLOW_EMAIL_DOMAINS,
      emails: variables.ALLOW_EMAILS,
      operators: variables.OPERATORS,
      admins: variables.ADMINS,
    },
  };
}

function webhookOf({ PUBLIC_URL: publicUrl, WEBEX_WEBHOOK_SECRET: secrets }: z.infer<typeof SCHEMA>) {
  return publicUrl === undefined || secrets === undefined ? {} : { webhook: { publicUrl, secrets } };
}

function alertingOf(variables: z.infer<typeof SCHEMA>): Config["alerting"] {
  const { OPS_ROOM_ID: opsRoomId, HEARTBEAT_URL: heartbeatUrl } = variables;
  return {
    timings: {
      waitMs: variables.GROUP_WAIT,
      intervalMs: variables.GROUP_INTERVAL,
      reopenMs: variables.REOPEN_WINDOW,
      remindMs: variables.REMIND_AFTER,
    },
    ...(opsRoomId !== undefined && { opsRoomId }),
    ...(heartbeatUrl !== undefined && { heartbeatUrl }),
  };
}

/** A refresh token has precedence over an access token, which expires. Returns a problem when neither is complete. */
function readCredentials(given: Variables): Credentials | string {
  const refresh = ["WHOLESALE_CLIENT_ID", "WHOLESALE_CLIENT_SECRET", "WHOLESALE_REFRESH_TOKEN"];
  const missing = refresh.filter((name) => given[name] === undefined);
  const {
    WHOLESALE_ACCESS_TOKEN: accessToken,
    WHOLESALE_CLIENT_ID: clientId,
    WHOLESALE_CLIENT_SECRET: clientSecret,
    WHOLESALE_REFRESH_TOKEN: refreshToken,
  } = given;
  if (clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined) {
    return { kind: "refresh", clientId, clientSecret, refreshToken };
  }
  if (missing.length < refresh.length)
    return `${missing.join(", ")}: Missing beside ${refresh.filter((name) => !missing.includes(name)).join(", ")}; the three belong together.`;
  if (accessToken !== undefined) return { kind: "static", accessToken };
  return `WHOLESALE_ACCESS_TOKEN: Set it to an admin token with the scope spark-admin:wholesale_customers_read, or set ${refresh.join(", ")} for one that refreshes itself: npm run doctor -- token leads to them.`;
}

const API_URL = "https://webexapis.com/v1";
const STATUS_PAGE = "https://status.webex.com/index.json";
const NO_SECRET =
  "Missing beside PUBLIC_URL. Set it to a long random text that only Webex and this bot know. Make one with: openssl rand -hex 32";
const SECRET_HINT = "Make one with: openssl rand -hex 32";

const splitList = (text: string): readonly string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const LIST_HINT = "Write full addresses with commas between them, such as ada@example.com,bob@example.com.";
const DOMAIN_HINT = "Write domains with commas between them, without an @, such as example.com,example.org.";

/** A list whose every entry must have this form; the number of the first that has not is part of the hint. */
const listOf = (form: RegExp, hint: string) =>
  z
    .string()
    .default("")
    .transform((text, context) => {
      const entries = splitList(foldAddress(text));
      const wrong = entries.findIndex((entry) => !form.test(entry));
      if (wrong >= 0) context.addIssue(`Entry ${wrong + 1} is not understood. ${hint}`);
      return entries;
    });

const emails = listOf(/^[^@\s;<>]+@[^@\s;<>]+$/, LIST_HINT);
const domains = listOf(/^[^@\s;:/.]+(\.[^@\s;:/.]+)+$/, DOMAIN_HINT);

const url = (hint: string) =>
  z.url({ protocol: /^https?$/, error: hint }).transform((text) => text.replace(/\/+$/, ""));

/** A time such as `30s`, in milliseconds. */
const duration = (usual: string) => {
  const hint = "Set it to a time such as 30s, 5m or 1h, from 200ms to 7d.";
  return z
    .string()
    .default(usual)
    .transform(parseDuration)
    .pipe(
      z
        .number({ error: hint })
        .min(200, hint)
        .max(7 * 86_400_000, hint),
    );
};

/** The entries of a file; none without one. */
const codes = z
  .string()
  .optional()
  .transform((path, context): ErrorCodes => {
    if (path === undefined) return new Map();
    const { text = "", problem } = readFile(path);
    const read = problem === undefined ? parseCodes(text) : { codes: new Map(), problems: [problem] };
    for (const one of read.problems) context.addIssue(one);
    return read.codes;
  });

/** Each variable with its rule and default; the messages are hints for the person who sets it (PRODUCT 6). */
export const SCHEMA = z.object({
  WEBEX_BOT_TOKEN: z.string({
    error: "Set it to the token shown when the bot was created at developer.webex.com.",
  }),
  WEBEX_WEBHOOK_SECRET: z
    .string()
    .transform(splitList)
    .refine(
      (secrets) => secrets.length >= 1 && secrets.length <= 2,
      "Give one secret, or two with a comma between them while rotating.",
    )
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 16),
      `Each secret needs 16 characters at least. ${SECRET_HINT}`,
    )
    .optional(),
  PUBLIC_URL: url(
    "Set it to the public https address of this server, such as https://bot.example.com, or leave it out.",
  )
    .refine(isReachable, "Webex calls https addresses only; http is allowed for this machine (localhost).")
    .optional(),
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
  QUESTIONS_PER_MINUTE: z.coerce
    .number({ error: "Set it to a whole number of questions, 1 or more." })
    .int()
    .min(1)
    .max(10_000_000)
    .default(30),
  CODES_FILE: codes,
  STATUS_URL: url(`Set it to an http(s) address such as ${STATUS_PAGE}, or leave it out.`).optional(),
  GROUP_WAIT: duration("30s"),
  GROUP_INTERVAL: duration("5m"),
  REOPEN_WINDOW: duration("30m"),
  REMIND_AFTER: duration("4h"),
  OPS_ROOM_ID: z.string().optional(),
  HEARTBEAT_URL: url("Set it to the http(s) address to call while the bot is healthy, or leave it out.").optional(),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default("./data"),
  DATA_KEY: z
    .string()
    .default("")
    .transform(splitList)
    .refine((keys) => keys.length <= 2, "Give one key, or two with a comma between them while rotating.")
    .refine(
      (keys) => keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)),
      "Each key is 32 random bytes in Base64. Make one with: openssl rand -base64 32",
    )
    .transform((keys) => keys.map((key) => Buffer.from(key, "base64"))),
  ALLOW_EMAIL_DOMAINS: domains,
  ALLOW_EMAILS: emails,
  OPERATORS: emails,
  ADMINS: emails,
  LOG_LEVEL: z.enum(["info", "warn", "error", "silent"], { error: "Use info, warn, error or silent." }).default("info"),
  METRICS_TOKEN: z.string().min(16, `Give it 16 characters at least, or leave it out. ${SECRET_HINT}`).optional(),
});

/** `WHOLESALE_API_URL`, whatever the other variables are; undefined if it is no address. */
export const readWholesaleApiUrl = (environment: Environment): string | undefined =>
  SCHEMA.shape.WHOLESALE_API_URL.safeParse(readVariables(environment).variables.WHOLESALE_API_URL).data;

/** A test compares `.env.example` and docs/connect.md with these names. */
export const VARIABLES: readonly string[] = Object.keys(SCHEMA.shape);

function isReachable(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
