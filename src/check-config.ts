import { explainProblems, readConfig } from "./config.ts";

/** `npm start` compiles and runs this file before the rest, so that a missing variable is named at once. */
const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(explainProblems(read.problems));
  process.exitCode = 1;
}
