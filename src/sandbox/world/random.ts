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

/** The same as a number from 0 up to, but not including, 1. */
export const randomShare = (...numbers: readonly number[]): number => hashNumbers(...numbers) / 2 ** 32;

/** One of `choices`, always the same one for the same numbers. */
export function pick<T>(choices: readonly [T, ...T[]], ...numbers: readonly number[]): T {
  return choices[hashNumbers(...numbers) % choices.length] ?? choices[0];
}

/** Returns another number from 0 up to 1 at each call; the same seed gives the same sequence. */
export type Random = () => number;

export function createRandom(...numbers: readonly number[]): Random {
  let throws = 0;
  return () => randomShare(...numbers, throws++);
}

/** A random choice; undefined when there is none. */
export const pickRandom = <T>(choices: readonly T[], random: Random): T | undefined =>
  choices[Math.floor(random() * choices.length)];
