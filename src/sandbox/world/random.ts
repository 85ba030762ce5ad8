/** A whole number from 0 to 2^32 - 1 that looks random and depends on nothing but its arguments. */
export function hashNumbers(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** The same as a share: from 0 up to, but not including, 1. */
export const randomShare = (...numbers: readonly number[]): number => hashNumbers(...numbers) / 2 ** 32;

/** One of `choices`, always the same one for the same numbers. */
export function pick<T>(choices: readonly [T, ...T[]], ...numbers: readonly number[]): T {
  return choices[hashNumbers(...numbers) % choices.length] ?? choices[0];
}

/** Throws again and again: each time another share, always the same row of them for the same numbers. */
export type Random = () => number;

export function createRandom(...numbers: readonly number[]): Random {
  let throws = 0;
  return () => randomShare(...numbers, throws++);
}

/** One of `choices`, as the dice fall; undefined when there is none. */
export const pickRandom = <T>(choices: readonly T[], dice: Random): T | undefined =>
  choices[Math.floor(dice() * choices.length)];
