import { expect, test } from "vitest";
import { signatures } from "../attack/areas/signatures.ts";
import { runArea } from "../attack/attack.ts";

/** One area of `npm run attack`. */
test("attacks on the signature: none has fallen", async () => {
  const { held, fallen } = await runArea(signatures);
  expect(fallen).toEqual([]);
  expect(held.length).toBeGreaterThan(20);
});
