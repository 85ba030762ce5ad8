import { fileURLToPath } from "node:url";
import { type BenchDatabase, openFileDatabase, openPostgres } from "../bench-databases.ts";
import { type Bot, startBot } from "../bot.ts";
import { installPlain } from "./plain-install.ts";

/** A bot that answers `customers status=error` with a card that has a button "Refresh". */
export interface Opponent {
  readonly name: string;
  /** The last event that its start logs. */
  readonly lastOfStart: string;
  openHome(): Promise<BenchDatabase>;
  start(env: Readonly<Record<string, string>>): Bot;
}

interface Wanted {
  readonly postgresUrl: string | undefined;
  readonly plain: boolean;
}

/** Installs what they need. The floor comes first: the others are compared with it. */
export function prepareOpponents({ postgresUrl, plain }: Wanted): readonly Opponent[] {
  return [
    simple("floor", (env) => startBot(env, [compiled("floor-bot.js")])),
    ours("ours (file)", openFileDatabase),
    ...(postgresUrl ? [ours("ours (PostgreSQL)", () => openPostgres(postgresUrl))] : []),
    ...(plain ? [plainFramework(installPlain())] : []),
  ];
}

const ours = (name: string, openHome: Opponent["openHome"]): Opponent => ({
  name,
  lastOfStart: "sweep.complete",
  openHome,
  start: (env) => startBot(env),
});

const simple = (name: string, start: Opponent["start"]): Opponent => ({
  name,
  lastOfStart: "app.started",
  openHome: openFileDatabase,
  start,
});

/** `HYDRA_SERVICE_URL` is where the SDK finds Webex. A bot needs no catalogue of services (U2C), and nobody serves one here. */
const plainFramework = (folder: string): Opponent =>
  simple("plain framework", (env) => {
    const url = env.WEBEX_API_URL ?? "";
    const sdk = { HYDRA_SERVICE_URL: url, U2C_SERVICE_URL: `${url}/u2c`, WEBEX_LOG_LEVEL: "error" };
    return startBot({ ...env, ...sdk }, [compiled("plain-bot.js"), folder]);
  });

const compiled = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
