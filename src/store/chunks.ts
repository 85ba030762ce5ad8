/** A list in pieces: a statement has a limit of parameters, and on SQLite it blocks the event loop while it runs. */
export function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** The most rows that one statement writes, and the most ids that one statement names. */
export const ROWS_PER_STATEMENT = 100;
export const IDS_PER_STATEMENT = 500;
