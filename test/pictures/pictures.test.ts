import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FINGERPRINTS, FOLDER, fingerprintOf, PICTURES } from "./pictures.ts";

const made = JSON.parse(readFileSync(FINGERPRINTS, "utf8"));

test.each(Object.entries(PICTURES))(
  "the picture %s shows the card as it is now; if not: npm run pictures",
  (name, view) => {
    expect(existsSync(`${FOLDER}/${name}.png`)).toBe(true);
    expect(made[name]).toBe(fingerprintOf(view));
  },
);
