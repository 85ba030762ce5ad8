import { openSimulation } from "./simulation.ts";

{
  const sim = await openSimulation({ seed: 1, customers: 250 });
  const t = performance.now();
  sim.bot.start();
  await sim.scheduler.runUntil(sim.scheduler.clock() + 10 * 60_000);
  const t1 = performance.now();
  await sim.scheduler.runUntil(sim.scheduler.clock() + 60 * 60_000);
  console.log(sim.logs.slice(0, 5).map((l) => [l.event, l.fields.error]));
  console.log("10 min", t1 - t, "1 h", performance.now() - t1);
  const by = new Map<string, number>();
  for (const { event } of sim.logs) by.set(event, (by.get(event) ?? 0) + 1);
  console.log(by, sim.logs.filter((l) => l.level === "error").slice(0, 5));
  sim.close();
}
