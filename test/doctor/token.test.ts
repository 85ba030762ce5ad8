import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { withoutSetting, withSettings } from "../../src/doctor/token/env-file.ts";
import { readPasted } from "../../src/doctor/token/pasted.ts";
import { consentAddress } from "../../src/wholesale/consent.ts";

const CODE = "ZTk4Y2EyMTYtZjljMS00OWIx_PF84_c6f92e5d-cbc1-4fe3-8789-caf3b283bf4b";

test.each([
  `http://localhost:3999/oauth?code=${CODE}&state=here`,
  `  localhost:3999/oauth?state=here&code=${CODE}  `,
  `http://localhost:3999/oauth?code=${CODE}&state=here#_`,
  `?code=${CODE}`,
  `code=${CODE}&state=here`,
  `${CODE}\n`,
])("the code is found in what people paste: %s", (pasted) => {
  expect(readPasted(pasted, "here")).toEqual({ code: CODE });
});

test.each([
  ["", /Nothing/],
  ["http://localhost:3999/oauth?error=access_denied&state=here", /declined/],
  ["http://localhost:3999/oauth?error=invalid_scope&state=here", /scopes/],
  ["http://localhost:3999/oauth?error=teapot", /teapot/],
  [`http://localhost:3999/oauth?code=${CODE}&state=other`, /earlier attempt/],
  ["https://webexapis.com/v1/authorize?client_id=C1&response_type=code&state=here", /address to open/],
  ["http://localhost:3999/oauth", /no code/],
  ["I have accepted", /no code/],
])("a person who pastes %j is told what to do", (pasted, problem) => {
  expect(readPasted(pasted, "here")).toEqual({ problem: expect.stringMatching(problem) });
});

test("the consent address has all that Webex needs, and no plus sign for a space", () => {
  const request = { clientId: "C1", redirectUri: "http://localhost:3999/oauth", scopes: ["a:b", "c:d"], state: "here" };
  expect(consentAddress("https://webexapis.com/v1", request)).toBe(
    "https://webexapis.com/v1/authorize?client_id=C1&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A3999%2Foauth&scope=a%3Ab%20c%3Ad&state=here",
  );
});

test("settings go into a file: in the place of what was there, even as a comment, and nothing else changes", () => {
  const before =
    "# mine\nPORT=3000\nWHOLESALE_REFRESH_TOKEN=old\n# WHOLESALE_CLIENT_ID=\nOTHER=WHOLESALE_REFRESH_TOKEN=x";
  const after = withSettings(before, { WHOLESALE_CLIENT_ID: "C1", WHOLESALE_REFRESH_TOKEN: "$&new#1", NEW: "1" });
  expect(after).toBe(
    '# mine\nPORT=3000\nWHOLESALE_REFRESH_TOKEN="$&new#1"\nWHOLESALE_CLIENT_ID=C1\nOTHER=WHOLESALE_REFRESH_TOKEN=x\nNEW=1\n',
  );
  expect(parseEnv(after)).toMatchObject({
    WHOLESALE_REFRESH_TOKEN: "$&new#1",
    WHOLESALE_CLIENT_ID: "C1",
    PORT: "3000",
  });
  expect(withSettings("", { A: "1" })).toBe("A=1\n");
  expect(withoutSetting("A=1\nB=2\n", "A")).toBe("# A=1\nB=2\n");
  expect(withoutSetting("A=\nB=2\n", "A")).toBe("A=\nB=2\n");
});
