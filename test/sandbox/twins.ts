import { onTestFinished } from "vitest";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";

/** An answer of the twins, with its JSON as whatever a test expects it to be. */
export interface TwinResponse {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is compared, not trusted
  readonly body: any;
}

export type Twins = Awaited<ReturnType<typeof startTwins>>;

/** The twins on a port of their own until the test is over, and ways to talk to them over HTTP. */
export async function startTwins(options: SandboxOptions = {}) {
  const sandbox = await createSandbox(options);
  onTestFinished(() => sandbox.close());
  const { people } = sandbox.world;
  const [viewer, secondViewer] = people.byRole("viewer");
  const [operator] = people.byRole("operator");
  const [outsider] = people.byRole("outsider");
  if (!viewer || !secondViewer || !operator || !outsider) throw new Error("somebody of the cast is missing");

  async function ask(
    method: string,
    path: string,
    more: { token?: string; body?: unknown } = {},
  ): Promise<TwinResponse> {
    const { token, body } = more;
    const isForm = body instanceof FormData || body instanceof URLSearchParams;
    const response = await fetch(new URL(path, sandbox.url), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !isForm && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  const speak = (token: string) => (method: string, path: string, body?: unknown) =>
    ask(method, `/v1${path}`, { token, body });

  const viewerSpeaks = speak(viewer.token);
  const roomCalled = async (title: string): Promise<string> => {
    const { body } = await viewerSpeaks("GET", "/rooms");
    return body.items.find((room: { title: string }) => room.title === title).id;
  };

  const noc = await roomCalled("Wholesale NOC");

  return {
    sandbox,
    people: { viewer, secondViewer, operator, outsider, admin: people.admin, bot: people.bot },
    ask,
    control: (method: string, path: string, body?: unknown) => ask(method, `/sandbox${path}`, { body }),
    bot: speak(people.bot.token),
    viewer: viewerSpeaks,
    secondViewer: speak(secondViewer.token),
    outsider: speak(outsider.token),
    wholesale: speak("sandbox-wholesale-token"),
    noc,
    /** The viewer asks the bot for help in the group space, with a mention. */
    askBot: () => viewerSpeaks("POST", "/messages", { roomId: noc, markdown: `<@personId:${people.bot.id}> help` }),
    warRoom: await roomCalled("Partner war room"),
  };
}

/** Reads a whole list by the links of its pages. */
export async function readAllPages<T>(
  ask: (method: string, path: string) => Promise<TwinResponse>,
  firstPath: string,
): Promise<readonly T[]> {
  const items: T[] = [];
  let path: string | undefined = firstPath;
  for (let pages = 0; path !== undefined && pages < 100; pages += 1) {
    const page = await ask("GET", path);
    items.push(...page.body.items);
    path = nextPagePath(page);
  }
  return items;
}

/** The address of the next page, if the answer names one. */
function nextPagePath({ headers }: TwinResponse): string | undefined {
  const found = /^<https?:\/\/[^/]+(?<path>\/v1[^>]*)>; rel="next"$/.exec(headers.get("link") ?? "");
  return found?.groups?.path?.replace(/^\/v1/, "");
}

export const CARD = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: "Customers" }] },
};
