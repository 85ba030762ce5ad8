/** `NODE_OPTIONS` for a process on a machine whose clock is so far ahead; negative: behind. */
export function skewedClock(aheadMs: number): string {
  const shim = `const now = Date.now; Date.now = () => now() + ${aheadMs};`;
  return `--import=data:text/javascript,${encodeURIComponent(shim)}`;
}
