import { file } from "./homes.ts";
import { brave } from "./storm.ts";
import { startTwins } from "./twins.ts";
const [n = "10000", rooms = "1"] = process.argv.slice(2);
const twins = await startTwins(20_000);
const home = await file();
try {
  const r = await brave(twins, home, { broken: Number(n), spaces: Number(rooms) });
  process.stdout.write(`${JSON.stringify(r, null, 1)}\n`);
} finally { await twins.stop(); await home.remove(); }
