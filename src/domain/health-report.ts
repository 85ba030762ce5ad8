/** How the bot fares, for `status` in a space and for `/readyz`. */
export interface HealthReport {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly checks: readonly HealthCheck[];
}

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** One phrase: what is so, or what is wrong. No secret, no address. */
  readonly detail: string;
  /** Whether the bot can do nothing at all without it, so that `/readyz` turns red. */
  readonly vital: boolean;
}
