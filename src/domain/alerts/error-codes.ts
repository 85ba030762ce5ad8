import type { Alert } from "./alert.ts";

const COMMON_CAUSE_CUSTOMERS = 5;

/** The most frequent code that at least five customers share (ALERTS 21). */
export function commonCause(alerts: readonly Alert[]): number | undefined {
  return codeCounts(alerts).find(({ customers }) => customers >= COMMON_CAUSE_CUSTOMERS)?.code;
}

/** The number of alerts and of customers with each code, most customers first. */
export function codeCounts(
  alerts: readonly Alert[],
): readonly { readonly code: number; readonly count: number; readonly customers: number }[] {
  const byCode = new Map<number, Alert[]>();
  for (const alert of alerts) {
    for (const code of alertCodes(alert)) {
      const known = byCode.get(code);
      if (known === undefined) byCode.set(code, [alert]);
      else known.push(alert);
    }
  }
  return [...byCode]
    .map(([code, affected]) => ({
      code,
      count: affected.length,
      customers: new Set(affected.map(({ key }) => key.customerId)).size,
    }))
    .sort((a, b) => b.customers - a.customers || b.count - a.count || a.code - b.code);
}

/** The codes of an alert as one text, for a comparison that ignores their order. */
export function codesText(alert: Pick<Alert, "subject">): string {
  return [...alertCodes(alert)].sort((a, b) => a - b).join(", ");
}

/** The codes of an alert, those of the item first (ALERTS 3). */
export function alertCodes({ subject }: Pick<Alert, "subject">): readonly number[] {
  const problems = [...subject.packages, ...subject.addOns].flatMap((item) => item.problems);
  const codes = [...problems, ...subject.problems].flatMap(({ code }) => (code === undefined ? [] : [code]));
  return [...new Set(codes)];
}
