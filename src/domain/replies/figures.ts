/** Figures in sentences, the same on every machine. */

/** `4,200` */
export function figure(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 customer`, `4,200 customers` */
export function counted(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2026-11-23`, in UTC as all our times. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `15:02 UTC`, with the day in front where that is not today. */
export function timeOf(at: number, now: number): string {
  const time = `${new Date(at).toISOString().slice(11, 16)} UTC`;
  return dayOf(at) === dayOf(now) ? time : `${dayOf(at)} ${time}`;
}
