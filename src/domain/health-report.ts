/** The state of the bot, for `status` in a space and for `/readyz`. */
export interface HealthReport {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly checks: readonly HealthCheck[];
}

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** One phrase without secrets or addresses. */
  readonly detail: string;
  /** `/readyz` answers 503 while this check fails, because webhooks cannot be stored (ALERTS 32). */
  readonly vital: boolean;
  /** `HEARTBEAT_URL` is not called while this check fails, because the bot cannot see, hear or speak. */
  readonly stopsHeartbeat: boolean;
}

/** The check that fails during an outage (ALERTS 31). Its name is part of the JSON of `/readyz`, which must not change. */
export const OUTAGE_CHECK = "Sight";
