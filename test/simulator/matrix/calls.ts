import type { NetworkFault } from "../faults.ts";
import type { SimulatedCall } from "../network.ts";

/** A call that the bot makes. */
export interface BotCall {
  /** As in the documentation of the API. */
  readonly name: string;
  readonly api: NetworkFault["api"];
  readonly matches: (call: SimulatedCall) => boolean;
  /** It is made soon after the start, and not again for an hour. */
  readonly isEarly?: boolean;
}

const call = (api: NetworkFault["api"], method: string, template: string): BotCall => {
  const pattern = new RegExp(`^/v1${template.replace("{id}", "(?!me\\b)[^/?]+")}(?:\\?|$)`);
  return {
    name: `${method} ${template}`,
    api,
    matches: (one) => one.method === method && pattern.test(one.path),
  };
};

/** The calls of the bot, in the order of the path of a question, then those of the sweeps. */
export const CALLS: readonly BotCall[] = [
  call("webex", "GET", "/people/me"),
  call("webex", "GET", "/webhooks"),
  call("webex", "PUT", "/webhooks/{id}"),
  call("webex", "GET", "/messages/{id}"),
  call("webex", "GET", "/attachment/actions/{id}"),
  call("webex", "GET", "/people/{id}"),
  call("webex", "GET", "/memberships"),
  call("webex", "GET", "/rooms/{id}"),
  call("webex", "POST", "/messages"),
  call("webex", "PUT", "/messages/{id}"),
  call("wholesale", "GET", "/wholesale/customers"),
  call("wholesale", "GET", "/wholesale/customers/{id}"),
  call("wholesale", "GET", "/wholesale/subPartners"),
  { ...call("wholesale", "GET", "/organizations"), isEarly: true },
  call("wholesale", "GET", "/organizations/{id}"),
  call("wholesale", "POST", "/access_token"),
];
