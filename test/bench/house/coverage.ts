import { type Profiler, Session } from "node:inspector/promises";

/**
 * Runs inside the bot's process, by `node --import`, so that V8 counts from the first module on. Each message from the parent is
 * answered with the addresses of the modules in which a function ran since the last message.
 */
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

process.on("message", async () => {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  process.send?.(result.filter(hasRun).map(({ url }) => url));
});

/**
 * A function counts when any of its ranges ran: a loop that was entered before goes on without a new call of its function.
 * The range from 0 without a name is the module's top level, which runs when the module is loaded.
 */
function hasRun({ functions }: Profiler.ScriptCoverage): boolean {
  return functions.some(
    ({ functionName, ranges }) =>
      (functionName !== "" || ranges[0]?.startOffset !== 0) && ranges.some(({ count }) => count > 0),
  );
}
