import { SANDBOX_BOT } from "../paths.ts";
import { soak } from "./soak.ts";
import { isInAgreement, writeSoakReport } from "./soak-report.ts";

/** `npm run soak`: DAYS of the world's time (7), SPEED times as fast as on the wall (1200). Exit 1 when a law was broken. */
const days = Number(process.env.DAYS ?? 7);
const speed = Number(process.env.SPEED ?? 1200);

const report = (text: string): boolean =>
  process.stderr.write(`soak, ${Math.round(performance.now() / 1000)} s: ${text}\n`);

const world = { customers: 250, changesPerHour: 30 };
const soaked = await soak({ ...world, days, speed, script: SANDBOX_BOT, pastRetention: true, report });
process.stdout.write(writeSoakReport(soaked));
const disagreed = soaked.days.some(({ verdicts }) => !verdicts.every(isInAgreement));
process.exitCode = disagreed || soaked.brokenLaws.length > 0 ? 1 : 0;
