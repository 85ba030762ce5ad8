import type { Scope } from "../customers/sweep.ts";
import type { AlertNoticeKind } from "./reconcile.ts";

/** Whom a message goes to: a space, or a person 1:1, whom Webex finds by an address as well. */
export type Recipient = { readonly roomId: string } | { readonly personId: string } | { readonly email: string };

/** One thing for each alert; or, without an alert, one thing for the whole space or person. */
export type NoticeKind =
  | AlertNoticeKind
  /** What is in error already (ALERTS 15), and what changed while the bot was away for long (16): stands for all that is owed. */
  | "baseline"
  | "catch-up"
  | "reminder"
  | "storm-end"
  | "digest"
  | "outage"
  | "outage-end"
  | "escalation"
  | "follow"
  | "suspended"
  | "report";

/** What is owed and not yet told (ALERTS 26): (target, alert, generation, kind) is unique. */
export interface Notice {
  readonly id: number;
  readonly recipient: Recipient;
  readonly kind: NoticeKind;
  /** 0 where it is about no single alert. */
  readonly alertId: number;
  readonly generation: number;
  readonly queuedAt: number;
  /** Whether it may have been posted already: it is then sent again, marked, and never dropped (ALERTS 28). */
  readonly possiblySent: boolean;
  /** What cannot be told from the present state. */
  readonly details: NoticeDetails;
}

export interface NoticeDetails {
  /** It was muted while it was owed (ALERTS 23). */
  readonly wasMuted?: boolean;
  /** How long the bot was away, or blind, in milliseconds. */
  readonly awayMs?: number;
  /** How many changes were found on sight again. */
  readonly changes?: number;
  readonly cause?: string;
  readonly since?: number;
  /** It was said before, and is still so. */
  readonly isOngoing?: boolean;
  /** Which scope it is about, and which space, where somebody hears of several. */
  readonly scope?: Scope;
  readonly roomId?: string;
  /** What that space is called. */
  readonly space?: string | undefined;
  /** What a `report` or a `follow` says: a title, then lines. */
  readonly lines?: readonly string[];
  /** Its lines are about customers, of whom guests must not hear (PRODUCT 5). */
  readonly namesCustomers?: boolean;
}

/** Those that stand for all that a space is owed: while one waits, nothing else is owed (ALERTS 15, 16). */
export function isSummaryNotice(kind: NoticeKind): boolean {
  return kind === "baseline" || kind === "catch-up";
}

/** What is not one of a space's alerts keeps no window and goes at once; blindness before all (ALERTS 27). */
export function isUrgent(kind: NoticeKind): boolean {
  return [
    "outage",
    "outage-end",
    "baseline",
    "catch-up",
    "follow",
    "suspended",
    "report",
    "escalation",
    "digest",
  ].includes(kind);
}

/** Why a message did not get through, as far as it decides what comes next (ALERTS 29). */
export type DeliveryFailure =
  /** Slow down: not counted. */
  | { readonly kind: "busy"; readonly waitMs: number }
  /** It may come right by itself; `unsure` where the message may have been posted all the same. */
  | { readonly kind: "retryable"; readonly possiblySent: boolean }
  /** The message itself was refused. */
  | { readonly kind: "refused" }
  /** The bot's token was refused. */
  | { readonly kind: "unauthorized" }
  /** The space is closed to the bot, or gone. */
  | { readonly kind: "gone" };

export type RetryDecision =
  | { readonly next: "retry"; readonly at: number }
  /** Given up: somebody must know. */
  | { readonly next: "dead" }
  | { readonly next: "suspend" };

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
const GIVE_UP_MS = 24 * 3_600_000;
const UNAUTHORIZED_MS = 60_000;

/**
 * @param tried.attempts how many tries have failed, this one included
 * @param tried.since when the first one did
 * @param jitter from 0 to 1
 */
export function decideRetry(
  setback: DeliveryFailure,
  tried: { readonly attempts: number; readonly since: number; readonly now: number },
  jitter: number,
): RetryDecision {
  const { attempts, since, now } = tried;
  switch (setback.kind) {
    case "busy":
      return { next: "retry", at: now + setback.waitMs };
    case "unauthorized":
      return { next: "retry", at: now + UNAUTHORIZED_MS };
    case "refused":
      return { next: "dead" };
    case "gone":
      return { next: "suspend" };
    case "retryable": {
      if (now - since >= GIVE_UP_MS) return { next: "dead" };
      const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
      return { next: "retry", at: now + Math.round(waitMs * (0.75 + jitter / 2)) };
    }
  }
}
