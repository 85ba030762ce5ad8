import type { Config } from "../../config.ts";
import { Failure } from "../../errors.ts";
import type { Http, HttpResponse } from "../../http.ts";
import { signatureOf } from "../../webex/webhook-signature.ts";
import { createProbe } from "../find-bot.ts";
import { failed, type Outcome, ok, skipped } from "../outcome.ts";
import type { Subject } from "../subject.ts";

export async function checkPort({ config, bot }: Subject): Promise<Outcome> {
  const found = await bot();
  if (found.state === "absent") return ok(`${config.port} is free`);
  if (found.state === "running") return ok(`${config.port}: a bot listens there`);
  const cure = `Set PORT to a free port, or stop that program; it is named by: ss -ltnp 'sport = :${config.port}'`;
  return failed(found.failure.message.replace(/\.$/, ""), cure);
}

/** How the running bot is, by its own account. */
export async function checkBot({ bot }: Subject): Promise<Outcome> {
  const found = await bot();
  if (found.state !== "running") return skipped("no bot runs here");
  const { ready, status, reasons } = found.readiness;
  if (ready && status === "ok") return ok("runs, and says that all is well");
  const what = ready ? "runs, but says that something is wrong" : "runs, but cannot store webhooks";
  return failed(
    `${what}: ${reasons.join(", ")}`,
    "Say status to the bot in a space: it names each cause. Its log has the cures.",
  );
}

/**
 * A signed call through `PUBLIC_URL`, as Webex makes it, and one with a wrong signature. The bot drops both unread. Whoever tells
 * them apart knows the secret, so it is a bot of this configuration, here or on another host.
 */
export async function checkPublicAddress(subject: Subject): Promise<Outcome> {
  const { config, bot, publicHttp } = subject;
  const { webhook } = config.webex;
  if (webhook === undefined || publicHttp === undefined) return skipped(BY_SOCKET);
  const found = await bot();
  if (found.state === "foreign") return skipped(`another program listens on port ${config.port}`);
  const { publicUrl, secrets } = webhook;
  const probe = createProbe();
  const body = Buffer.from(probe);
  const signed = await call({ publicHttp, config }, body, signatureOf(body, secrets[0] ?? ""));
  if (signed.outcome !== undefined) return signed.outcome;
  if (signed.response.status === 401)
    return failed(`${publicUrl} refuses a call signed with WEBEX_WEBHOOK_SECRET (401)`, SAME_SECRET);
  if (signed.response.status !== 200) return notTheBot(config, signed.response.status);
  const forged = await call({ publicHttp, config }, body, signatureOf(body, "not the secret"));
  if (forged.outcome !== undefined) return forged.outcome;
  if (forged.response.status !== 401) return notTheBot(config, forged.response.status);
  const finding = `${publicUrl}/webhook takes a signed call and refuses a forged one`;
  if (found.state === "running" || found.hasReceived(probe)) return ok(finding);
  return ok(
    `${finding}; an instance elsewhere answered`,
    `If this host should answer, lead it to port ${config.port}.`,
  );
}

const SAME_SECRET =
  "Give all instances and the doctor the same WEBEX_WEBHOOK_SECRET, and restart the bot: it registers its webhooks anew.";

type Called = { readonly response: HttpResponse; readonly outcome?: undefined } | { readonly outcome: Outcome };

/** The skipped checks of webhooks say why. */
export const BY_SOCKET = "PUBLIC_URL is not set: the bot listens by a socket";

interface PublicSubject {
  readonly publicHttp: Http;
  readonly config: Config;
}

async function call({ publicHttp, config }: PublicSubject, body: Buffer, signature: string): Promise<Called> {
  const headers = { "content-type": "application/json", "x-spark-signature": signature };
  try {
    return { response: await publicHttp.request({ method: "POST", path: "/webhook", headers, body }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { outcome: unreachable(error, config) };
  }
}

function unreachable({ message }: Failure, { webex, port }: Config): Outcome {
  const what = message.replace(/\.$/, "");
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(message);
  const cure = isCertificate
    ? "Give that server a certificate of a known authority for this name: Webex calls no other."
    : `See that its name resolves, that the proxy or tunnel in front of it is up and forwards to port ${port}, and that no firewall stops calls from outside.`;
  return failed(`Webex cannot call ${webex.webhook?.publicUrl}/webhook: ${what}`, cure);
}

function notTheBot({ webex, port }: Config, status: number): Outcome {
  return failed(
    `something else than this bot answers at ${webex.webhook?.publicUrl}/webhook (${status})`,
    `Set PUBLIC_URL to the address whose requests reach port ${port} of this host, path and headers unchanged.`,
  );
}
