/** Figures in sentences, the same on every machine. */

/** `4,200` */
export function formatNumber(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 customer`, `4,200 customers` */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2026-11-23`, in UTC as all our times. */
export function formatDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `15:02 UTC`, with the day in front where that is not today. */
export function formatTime(at: number, now: number): string {
  const time = `${new Date(at).toISOString().slice(11, 16)} UTC`;
  return formatDay(at) === formatDay(now) ? time : `${formatDay(at)} ${time}`;
}
