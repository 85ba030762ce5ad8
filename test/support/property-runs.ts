const { FC_RUNS, FC_TIMES = "1" } = process.env;

/** How often a property is tried: `FC_TIMES` as often as is usual for it, or `FC_RUNS` times. */
export const propertyRuns = (usual: number) => ({ numRuns: Number(FC_RUNS ?? usual * Number(FC_TIMES)) });
