import { expect, test } from "vitest";
import { people } from "../attack/areas/people.ts";
import { sandboxRoutes } from "../attack/areas/sandbox-routes.ts";
import { signatures } from "../attack/areas/signatures.ts";
import { runArea } from "../attack/attack.ts";

/** A share of `npm run attack`. */
test.each([signatures, people, sandboxRoutes])("attacks: $name: none has fallen", async (area) => {
  const { held, fallen } = await runArea(area);
  expect(fallen).toEqual([]);
  expect(held.length).toBeGreaterThan(20);
});
