import { SANDBOX_BOT } from "../places.ts";
import { soak } from "./soak.ts";

const days = Number(process.env.DAYS ?? 7);
const speed = Number(process.env.SPEED ?? 600);
const say = (text: string): boolean =>
  process.stderr.write(`soak, ${Math.round(performance.now() / 1000)} s: ${text}\n`);
const soaked = await soak({
  days,
  speed,
  customers: 250,
  changesPerHour: 30,
  script: SANDBOX_BOT,
  leap: true,
  say,
});
process.stdout.write(`${JSON.stringify(soaked, null, 1)}\n`);
