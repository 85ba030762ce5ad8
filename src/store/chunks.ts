/** A list in pieces: a statement takes only so many parameters, and the file database holds up the event loop while it works. */
export function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** How many rows are written, and how many ids are named, in one statement. */
export const ROWS_PER_STATEMENT = 100;
export const IDS_PER_STATEMENT = 500;
