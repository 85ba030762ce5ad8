/** @param values in order. @param share 0.5 for the median */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
}

export const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
