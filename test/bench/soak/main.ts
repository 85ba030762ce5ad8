import { parseArgs } from "node:util";
import { SANDBOX_BOT } from "../paths.ts";
import { isSound, soakInstances } from "./instances.ts";
import { soak } from "./soak.ts";
import { isInAgreement, writeSoakReport } from "./soak-report.ts";

/**
 * `npm run soak`: DAYS of the world's time (7), SPEED times as fast as on the wall (1200). With `-- --instances 3 --minutes 5` several
 * bots on the PostgreSQL of TEST_DATABASE_URL, on the wall's time. Exit 1 when a law was broken.
 */
const { values } = parseArgs({
  options: { instances: { type: "string" }, minutes: { type: "string", default: "5" } },
});

const report = (text: string): boolean =>
  process.stderr.write(`soak, ${Math.round(performance.now() / 1000)} s: ${text}\n`);

process.exitCode = (await (values.instances === undefined ? soakDays() : soakSeveral(Number(values.instances))))
  ? 0
  : 1;

async function soakDays(): Promise<boolean> {
  const days = Number(process.env.DAYS ?? 7);
  const speed = Number(process.env.SPEED ?? 1200);
  const world = { customers: 250, changesPerHour: 30 };
  const soaked = await soak({ ...world, days, speed, script: SANDBOX_BOT, pastRetention: true, report });
  process.stdout.write(writeSoakReport(soaked));
  return soaked.brokenLaws.length === 0 && soaked.days.every(({ verdicts }) => verdicts.every(isInAgreement));
}

async function soakSeveral(instances: number): Promise<boolean> {
  const { TEST_DATABASE_URL: url } = process.env;
  if (!url) throw new Error("Several instances need a PostgreSQL: set TEST_DATABASE_URL.");
  const soaked = await soakInstances({ url, instances, minutes: Number(values.minutes), report });
  process.stdout.write(`${JSON.stringify(soaked, null, 2)}\n`);
  return isSound(soaked);
}
