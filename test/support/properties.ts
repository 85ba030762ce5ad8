import fc from "fast-check";
import { propertyRuns } from "./property-runs.ts";

fc.configureGlobal({ ...propertyRuns(100), seed: Number(process.env.FC_SEED) });
