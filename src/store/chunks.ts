/** A list in pieces: a statement has a limit of parameters, and on SQLite it blocks the event loop while it runs. */
export function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** The most rows that one statement writes, and the most ids that one statement names. */
export const ROWS_PER_STATEMENT = 100;
export const IDS_PER_STATEMENT = 500;

/** A statement that deletes more may take longer than it is given, again and again. */
const DELETED_AT_ONCE = 5_000;

/** @param deleteSome deletes so many rows at most, and returns how many */
export async function deleteInChunks(deleteSome: (most: number) => Promise<number>): Promise<number> {
  for (let deleted = 0; ; ) {
    const some = await deleteSome(DELETED_AT_ONCE);
    deleted += some;
    if (some < DELETED_AT_ONCE) return deleted;
  }
}
