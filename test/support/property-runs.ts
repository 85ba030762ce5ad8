const { FC_RUNS, FC_TIMES = "1" } = process.env;

/** The number of runs of a property: `FC_RUNS`, or `FC_TIMES` times its usual number. */
export const propertyRuns = (usual: number) => ({ numRuns: Math.ceil(Number(FC_RUNS ?? usual * Number(FC_TIMES))) });
