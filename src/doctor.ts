import process from "node:process";
import { runDoctor } from "./doctor/run-doctor.ts";

await runDoctor(process.argv.slice(2), process.env);
