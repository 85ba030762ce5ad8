/** How often a property is tried: as often as is usual for it, or `FC_RUNS` times when somebody wants to be surer. */
export const propertyRuns = (usual: number) => ({ numRuns: Number(process.env.FC_RUNS ?? usual) });
