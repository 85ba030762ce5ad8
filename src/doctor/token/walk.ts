import { Failure } from "../../errors.ts";
import type { Http } from "../../http.ts";
import { readTokenOwner } from "../../wholesale/about-token.ts";
import { type ConsentRequest, consentAddress, exchangeCode, type TokenPair } from "../../wholesale/consent.ts";
import { listCall } from "../../wholesale/customer-calls.ts";
import { failureOf } from "../../wholesale/failures.ts";
import { type Client, createAuthorizedRequest } from "../../wholesale/token.ts";
import { type Outcome, ok, outcomeOfError } from "../outcome.ts";
import { formatResult } from "../report.ts";
import { readPasted } from "./pasted.ts";

/** Where the person sits. */
export interface Terminal {
  say(text: string): void;
  /** @param options.isSecret what is typed is not shown. Throws `doctor.noInput` at the end of the input. */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string>;
}

export interface WalkOptions extends Pick<ConsentRequest, "redirectUri" | "scopes" | "state"> {
  readonly apiUrl: string;
  /** Known already, from the environment. */
  readonly client: Partial<Client>;
}

/** The scopes of an integration for this bot; the first is necessary. */
export const SCOPES: readonly string[] = [
  "spark-admin:wholesale_customers_read",
  "spark-admin:organizations_read",
  "spark-admin:wholesale_sub_partners_read",
];

/**
 * No server needs to be there: the browser says that it cannot open the page, and its address bar has the code. Webex takes an
 * address of this machine without https.
 */
export const REDIRECT_URI = "http://localhost:3999/oauth";

/** Leads a person from an integration to a pair of tokens, and tries them. */
export async function walkToToken(
  terminal: Terminal,
  http: Http,
  options: WalkOptions,
): Promise<{ readonly client: Client; readonly pair: TokenPair; readonly outcome: Outcome }> {
  const { redirectUri, scopes, state, apiUrl } = options;
  terminal.say(INTRODUCTION(redirectUri, scopes));
  const client = await askClient(terminal, options.client);
  const address = consentAddress(apiUrl, { clientId: client.clientId, redirectUri, scopes, state });
  terminal.say(CONSENT(address, redirectUri));
  const code = await askCode(terminal, state);
  const pair = await exchangeCode(http, client, { code, redirectUri });
  const outcome = await tryToken(http, pair);
  terminal.say(formatResult({ name: "Wholesale token", outcome }));
  return { client, pair, outcome };
}

const INTRODUCTION = (redirectUri: string, scopes: readonly string[]) => `
This leads to a refresh token for the Wholesale API, with which the bot renews its access by itself.

1. Create an integration: https://developer.webex.com/my-apps/new/integration
   Redirect URI  ${redirectUri}
   Scopes        ${scopes.join("\n                 ")}
   It shows a client ID, and once only a client secret.
`;

const CONSENT = (address: string, redirectUri: string) => `
2. Open this address in a private window, sign in as a full administrator of the partner organisation, and accept:

   ${address}

3. The browser is then led to ${redirectUri}?code=…
   It says that this page cannot be opened; that is right. Copy the whole address from its address bar.
`;

async function askClient(terminal: Terminal, known: Partial<Client>): Promise<Client> {
  const clientId = known.clientId ?? (await askUntilGiven(terminal, "Client ID: "));
  const clientSecret = known.clientSecret ?? (await askUntilGiven(terminal, "Client secret (not shown): ", true));
  return { clientId, clientSecret };
}

async function askUntilGiven(terminal: Terminal, question: string, isSecret = false): Promise<string> {
  for (;;) {
    const given = (await terminal.ask(question, { isSecret })).trim();
    if (given !== "") return given;
  }
}

async function askCode(terminal: Terminal, state: string): Promise<string> {
  for (;;) {
    const pasted = readPasted(await terminal.ask("Paste that address, or its code: "), state);
    if ("code" in pasted) return pasted.code;
    terminal.say(pasted.problem);
  }
}

/** Makes the call without which the bot is of no use. */
async function tryToken(http: Http, { accessToken }: TokenPair): Promise<Outcome> {
  const token = { current: async () => accessToken, afterRejection: async () => undefined };
  const request = createAuthorizedRequest(http, token);
  try {
    const response = await request(listCall({ scope: "", statuses: [], offset: 0, max: 1 }));
    if (response.status >= 300) throw failureOf(response);
    const owner = await readTokenOwner(request);
    return ok(`lists customers${owner === undefined ? "" : `, for ${owner}`}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return outcomeOfError(error);
  }
}
