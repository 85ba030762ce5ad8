import type { Setback } from "../domain/notices/outbox.ts";
import type { Posted } from "../domain/ports.ts";
import { Failure } from "../errors.ts";

/** What concerns this message or this space alone says nothing of how Webex fares. */
export async function unlessRefused(call: Promise<Posted>): Promise<Posted | Setback> {
  try {
    return await call;
  } catch (error) {
    const setback = asSetback(error);
    if (setback.kind === "gone" || setback.kind === "refused") return setback;
    throw error;
  }
}

/** Why a message did not get through (ALERTS 29). Throws what is no failure of the world outside. */
export function asSetback(error: unknown): Setback {
  if (!(error instanceof Failure)) throw error;
  const { code, passing, maybeDone, retryAfter = DEFAULT_REST_S } = error;
  if (code === "webex.busy") return { kind: "busy", waitMs: retryAfter * 1_000 };
  if (code === "webex.unauthorized") return { kind: "unauthorized" };
  if (code === "webex.forbidden" || code === "webex.not_found") return { kind: "gone" };
  return passing || maybeDone ? { kind: "passing", unsure: maybeDone } : { kind: "refused" };
}

const DEFAULT_REST_S = 5;
