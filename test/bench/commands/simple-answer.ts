import { createHttpClient } from "../../support/http-client.ts";

/** The answer of a bot that does no more than it must: the first page of customers in error, each a line of a card. */
export interface SimpleAnswer {
  readonly text: string;
  readonly card: object;
}

interface Customers {
  readonly items: readonly { readonly externalId: string; readonly status: string }[];
}

export function createSimpleAnswer(env: NodeJS.ProcessEnv): () => Promise<SimpleAnswer> {
  const wholesale = createHttpClient(env.WHOLESALE_API_URL ?? "", env.WHOLESALE_ACCESS_TOKEN);
  return async () => {
    const { items } = await wholesale<Customers>("GET", "/wholesale/customers?status=error&max=10");
    const lines = items.map(({ externalId, status }) => `${externalId}: ${status}`);
    const body = lines.map((text) => ({ type: "TextBlock", wrap: true, text }));
    const actions = [{ type: "Action.Submit", title: "Refresh", data: { command: "customers", with: "" } }];
    return { text: lines.join("\n"), card: { type: "AdaptiveCard", version: "1.3", body, actions } };
  };
}

/** As the real bot logs it. */
export const logStarted = (): boolean => process.stdout.write(`${JSON.stringify({ event: "app.started" })}\n`);
