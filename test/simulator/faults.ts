import type { Random } from "../../src/sandbox/world/random.ts";
import type { CallFate, SimulatedCall } from "./network.ts";

/** A fault of the network, or of what is behind it, for a share of the calls to one API. */
export interface NetworkFault {
  readonly api: "webex" | "wholesale";
  /** From 0 to 1. */
  readonly share: number;
  readonly status?: number;
  readonly retryAfter?: string;
  /** The body with that status. */
  readonly body?: string;
  /** The calls that it is about; all of the API when absent. */
  readonly concerns?: (call: SimulatedCall) => boolean;
  /** Whether the call is carried out although its answer is an error. */
  readonly isCarriedOut?: boolean;
  readonly cut?: "before" | "after" | "half";
  readonly slowMs: number;
}

/** The faults that are active, and the fate of each call of the bot. */
export function createNetworkFaults({
  random,
  acceptsEdits,
}: {
  readonly random: Random;
  readonly acceptsEdits: boolean;
}) {
  const active = new Set<NetworkFault>();
  const lostListeners: ((call: SimulatedCall) => void)[] = [];
  const rejectedListeners: ((call: SimulatedCall) => void)[] = [];
  const counts = { calls: 0, faults: 0 };
  const latencyMs = (): number => 5 + Math.floor(random() ** 4 * 1_500);

  return {
    add: (fault: NetworkFault) => active.add(fault),
    /** Calls this when a message may have been posted, and no answer says so. */
    onLostAnswer: (listener: (call: SimulatedCall) => void) => void lostListeners.push(listener),
    /** Calls this when Webex rejects a message in the form, or the thread, that it was posted in. */
    onRejected: (listener: (call: SimulatedCall) => void) => void rejectedListeners.push(listener),
    onAnswer(call: SimulatedCall, status: number): void {
      if (isPost(call) && isRejection(status)) for (const listener of rejectedListeners) listener(call);
    },
    remove: (fault: NetworkFault) => active.delete(fault),
    /** So many calls of the bot so far, and so many of them failed. */
    counts: () => ({ ...counts }),
    fateOf(call: SimulatedCall): CallFate {
      counts.calls += 1;
      const times = { thereMs: latencyMs(), backMs: latencyMs() };
      if (!acceptsEdits && call.method === "PUT" && call.path.startsWith("/v1/messages/"))
        return { ...times, status: 405 };
      const api = apiOf(call);
      const fault = [...active].find(
        (one) => one.api === api && one.concerns?.(call) !== false && random() < one.share,
      );
      if (fault === undefined) return times;
      counts.faults += 1;
      if (isPost(call) && isAnswerLost(fault)) for (const listener of lostListeners) listener(call);
      return fateBy(fault, times);
    },
    latencyMs,
  };
}

function apiOf({ path }: SimulatedCall): NetworkFault["api"] {
  return /^\/v1\/(?:wholesale|organizations|access_token)/.test(path) ? "wholesale" : "webex";
}

/** A new message. */
export const isPost = ({ method, path }: Pick<SimulatedCall, "method" | "path">): boolean =>
  method === "POST" && path === "/v1/messages";

/** Webex says with these statuses that it did nothing; with any other one, or without an answer, nobody knows. */
const saysNo = (status: number): boolean => (status >= 400 && status < 500) || status === 503;

/** Any other one is about the bot, the space, or the moment. */
const isRejection = (status: number): boolean =>
  status >= 400 && status < 500 && ![401, 403, 423, 429].includes(status);

const isAnswerLost = ({ cut, status = 500, isCarriedOut, slowMs }: NetworkFault): boolean =>
  cut !== undefined || isCarriedOut === true || slowMs > 0 || !saysNo(status);

function fateBy(fault: NetworkFault, { thereMs, backMs }: Pick<CallFate, "thereMs" | "backMs">): CallFate {
  const { status, cut, retryAfter, body, isCarriedOut = false, slowMs } = fault;
  return {
    thereMs,
    backMs: backMs + slowMs,
    ...(status !== undefined && { status, isCarriedOut }),
    ...(cut !== undefined && { cut }),
    ...(body !== undefined && { body }),
    ...(retryAfter !== undefined && { headers: { "retry-after": retryAfter } }),
  };
}
