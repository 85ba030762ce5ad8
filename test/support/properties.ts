import fc from "fast-check";
import { runs } from "./runs.ts";

fc.configureGlobal({ ...runs(100), seed: Number(process.env.FC_SEED) });
