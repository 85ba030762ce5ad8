import { openStore } from "../../src/app/open-store.ts";

/** Adds events to the inbox as fast as the disk allows, and prints the key of each confirmed one, until the test kills it. */
const [dataDir = "", round = ""] = process.argv.slice(2);
const { inbox, tokens } = await openStore({ dataDir });
for (let n = 0; ; n++) {
  const key = `${round}:${n}`;
  await inbox.add(
    { idempotencyKey: key, roomId: `room ${n % 3}`, resource: "messages", event: "created", body: key },
    n,
  );
  await tokens.save({ refreshToken: key, accessToken: key, expiresAt: n, origin: round }, n);
  process.stdout.write(`${key}\n`);
}
