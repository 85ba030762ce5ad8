/** The package ships no types. These are the members of version 2.3.14 that the bot uses. */
declare module "webex-node-bot-framework" {
  import type { WebexAction, WebexMessage } from "./wire.ts";

  export interface FrameworkOptions {
    token: string;
    webhookUrl: string;
    maxStartupSpaces: number;
    removeWebhooksOnStart: boolean;
    id?: string;
  }

  export interface FrameworkBot {
    readonly room: { readonly id: string; readonly type: string; readonly title?: string };
    readonly isDirect: boolean;
  }

  export interface FrameworkTrigger {
    readonly type: "message" | "attachmentAction";
    readonly id: string;
    readonly text?: string;
    readonly args: readonly string[];
    readonly personId: string;
    readonly person: { readonly id: string; readonly emails: readonly string[] };
    readonly message?: WebexMessage;
    readonly attachmentAction?: WebexAction;
  }

  export interface Framework {
    webex: unknown;
    webhook: { name?: string } | false;
    cardsWebhook: { name?: string };
    bots: readonly FrameworkBot[];
    getTrigger(type: FrameworkTrigger["type"], subject: WebexMessage | WebexAction): Promise<FrameworkTrigger>;
    start(): Promise<boolean>;
    stop(): Promise<boolean>;
    on(event: "message" | "attachmentAction", listener: (bot: FrameworkBot, trigger: FrameworkTrigger) => void): void;
    on(event: "spawn" | "despawn", listener: (bot: FrameworkBot, id: string, actorId?: string) => void): void;
  }

  const Framework: new (options: FrameworkOptions) => Framework;
  // biome-ignore lint/style/noDefaultExport: this is how the package exports its constructor
  export default Framework;
}

declare module "webex-node-bot-framework/webhook.js" {
  import type { Framework } from "webex-node-bot-framework";

  /** Called with a request and no response, the returned function resolves when the event has been dispatched. */
  const webhook: (framework: Framework) => (request: { body: unknown; headers: object }) => Promise<unknown>;
  // biome-ignore lint/style/noDefaultExport: this is how the package exports its function
  export default webhook;
}

/** The stand-in for the SDK: `src/webex/stand-ins/webex`. */
declare module "webex" {
  const sdk: {
    provide(key: string, client: unknown): void;
    withdraw(key: string): void;
  };
  // biome-ignore lint/style/noDefaultExport: CommonJS, seen from ESM
  export default sdk;
}
