import type { z } from "zod";
import { Failure } from "../../errors.ts";
import type { Http, HttpResponse } from "../../http.ts";
import { failureOf, unexpectedAnswer } from "../failures.ts";

/** Calls of the services behind Webex, by the addresses that they name themselves. */
export interface ServiceCalls {
  /** Throws `webex.not_found`, and whatever else the call may fail with; `webex.untrusted` for an address that is not Webex's. */
  call<T>(schema: z.ZodType<T>, method: "GET" | "POST" | "PUT", url: string, body?: unknown): Promise<T>;
  /** For a call whose answer has no content. */
  remove(url: string): Promise<void>;
  /** The token, for an address of Webex alone; throws `webex.untrusted` for any other one. */
  tokenFor(url: string): string;
  close(): Promise<void>;
}

interface ServiceCallsDeps {
  /** `WEBEX_API_URL`. */
  readonly apiUrl: string;
  readonly token: string;
  /** Makes the client of one origin. */
  readonly openHttp: (origin: string) => Http;
}

export function createServiceCalls({ apiUrl, token, openHttp }: ServiceCallsDeps): ServiceCalls {
  const clients = new Map<string, Http>();

  function tokenFor(url: string): string {
    if (isOfWebex(url, apiUrl)) return token;
    throw new Failure(
      "webex.untrusted",
      "Webex named an address outside of Webex, which does not get the bot's token.",
      "Set PUBLIC_URL, so that Webex calls the bot, and report this: the addresses of Webex may have changed.",
    );
  }

  function clientOf(origin: string): Http {
    const client = clients.get(origin) ?? openHttp(origin);
    clients.set(origin, client);
    return client;
  }

  async function request(
    method: "GET" | "POST" | "PUT" | "DELETE",
    url: string,
    body?: unknown,
  ): Promise<HttpResponse> {
    const headers = { authorization: `Bearer ${tokenFor(url)}`, accept: "application/json" };
    const { origin, pathname, searchParams } = new URL(url);
    const response = await clientOf(origin).request({
      method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.status >= 300) throw failureOf(response, `${method} ${serviceIn(pathname)}`);
    return response;
  }

  return {
    async call(schema, method, url, body) {
      const read = schema.safeParse((await request(method, url, body)).json());
      if (read.success) return read.data;
      throw unexpectedAnswer(`${method} ${serviceIn(new URL(url).pathname)}`, read.error);
    },
    remove: async (url) => void (await request("DELETE", url)),
    tokenFor,
    close: async () => void (await Promise.all([...clients.values()].map((client) => client.close()))),
  };
}

/** For failures, without ids: `devices` of `/wdm/api/v1/devices/…`. */
const serviceIn = (path: string): string => /\/v1\/(\w+)/.exec(path)?.[1] ?? "a service";

/** True for the server of `WEBEX_API_URL`, and by TLS for the hosts of Webex: only these may see the token. */
export function isOfWebex(address: string, apiUrl: string): boolean {
  const [url, api] = [new URL(address), new URL(apiUrl)];
  if (serverOf(url) === serverOf(api)) return ["http:", "https:", "ws:", "wss:"].includes(url.protocol);
  return ["https:", "wss:"].includes(url.protocol) && /(^|\.)(webex\.com|wbx2\.com)$/.test(url.hostname);
}

/** This machine has several names. */
const serverOf = ({ hostname, port }: URL): string =>
  `${/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname) ? "loopback" : hostname}:${port}`;
