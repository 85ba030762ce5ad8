/** A client of Webex that others wrote, and the small bot in `bots` that uses it. */
export interface Client {
  readonly name: string;
  /** For npm, in exact versions. */
  readonly packages: readonly string[];
  /** A file of `bots`. */
  readonly bot: string;
  readonly transports: readonly Transport[];
  readonly env?: (sandboxUrl: string) => Readonly<Record<string, string>>;
  /** The steps that the client itself cannot do, and why. */
  readonly cannot?: readonly Inability[];
}

export type Transport = "webhooks" | "socket";

export const STEPS = ["greet", "hear", "card", "press"] as const;
export type Step = (typeof STEPS)[number];

interface Inability {
  readonly steps: readonly Step[];
  readonly transports: readonly Transport[];
  readonly reason: string;
}

/** The variables by which Cisco's SDKs are told where Webex is. */
const sdkEnv = (url: string) => ({ HYDRA_SERVICE_URL: `${url}/v1`, U2C_SERVICE_URL: `${url}/u2c/api/v1` });

export const CLIENTS: readonly Client[] = [
  {
    name: "webex-node-bot-framework",
    packages: ["webex-node-bot-framework@2.3.14"],
    bot: "framework.cjs",
    transports: ["webhooks", "socket"],
    env: sdkEnv,
  },
  {
    name: "webex-2",
    packages: ["webex@2.60.4"],
    bot: "sdk.cjs",
    transports: ["webhooks", "socket"],
    env: (url) => ({ ...sdkEnv(url), SDK: "webex" }),
  },
  {
    name: "webex-3",
    packages: ["webex@3.12.0"],
    bot: "sdk.cjs",
    transports: ["webhooks", "socket"],
    env: (url) => ({ ...sdkEnv(url), SDK: "webex" }),
    cannot: [
      {
        steps: STEPS,
        transports: ["webhooks", "socket"],
        reason: "it loads in a browser alone: `window is not defined`",
      },
    ],
  },
  {
    name: "ciscospark",
    packages: ["ciscospark@1.59.0"],
    bot: "sdk.cjs",
    transports: ["webhooks"],
    env: (url) => ({ ...sdkEnv(url), SDK: "ciscospark" }),
    cannot: [{ steps: ["press"], transports: ["webhooks"], reason: "it is older than cards and reads no presses" }],
  },
  {
    name: "botbuilder-adapter-webex",
    packages: ["botbuilder-adapter-webex@1.0.10"],
    bot: "adapter.cjs",
    transports: ["webhooks"],
    env: sdkEnv,
  },
  {
    name: "node-flint",
    packages: ["node-flint@4.8.1"],
    bot: "flint.cjs",
    transports: ["webhooks", "socket"],
    env: (url) => ({ ...sdkEnv(url), API_URL: `${url}/v1/` }),
    cannot: [{ steps: ["press"], transports: ["socket"], reason: "it listens to no presses by a socket" }],
  },
  {
    name: "node-sparky",
    packages: ["node-sparky@4.6.0"],
    bot: "sparky.cjs",
    transports: ["webhooks"],
  },
];

/** The reason why this client cannot do a step; undefined where it can. */
export function knownReason({ cannot = [] }: Client, transport: Transport, step: Step): string | undefined {
  return cannot.find(({ steps, transports }) => steps.includes(step) && transports.includes(transport))?.reason;
}
