import fc from "fast-check";

/** One edge of the bot, and what must hold there whatever comes in. */
export interface FuzzTarget {
  readonly name: string;
  /** Its part of all cases. */
  readonly share: number;
  /** Runs this many cases of a seed; a failed one is shrunk. */
  readonly run: (options: FuzzOptions) => Promise<FuzzResult>;
}

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
}

export interface FuzzResult {
  readonly cases: number;
  /** The smallest case that fails, and how; absent if all hold. */
  readonly failure?: string;
}

interface TargetDefinition<T> {
  readonly name: string;
  readonly share: number;
  readonly input: fc.Arbitrary<T>;
  /** Throws if something does not hold. */
  readonly check: (input: T) => void | Promise<void>;
}

export function fuzzTarget<T>({ name, share, input, check }: TargetDefinition<T>): FuzzTarget {
  return {
    name,
    share,
    async run({ cases, seed }) {
      const property = fc.asyncProperty(input, async (one) => check(one));
      const details = await fc.check(property, { seed, numRuns: cases });
      const { failed, numRuns, errorInstance } = details;
      if (!failed) return { cases: numRuns };
      const cause = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
      return { cases: numRuns, failure: `${fc.defaultReportMessage(details)}\n\n${cause}` };
    },
  };
}
