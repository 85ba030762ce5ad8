import { afterAll, beforeAll, expect, test } from "vitest";
import { createSpace } from "../support/alert-journey.ts";
import { type Journey, startJourney } from "../support/journey.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ customers: 50 });
  await journey.startBot();
});
afterAll(() => journey.stop());

/** The rows of the audit as its plain text has them, oldest first, without their times. */
async function rows(command: string): Promise<readonly string[]> {
  const { text = "" } = await journey.person("admin").ask(command);
  return text
    .split("\n")
    .flatMap((line) => / UTC: (.+)$/.exec(line)?.[1] ?? [])
    .reverse();
}

test("the audit has what people asked, pressed, changed and were refused, also after a restart; a person can be forgotten", async () => {
  const [viewer, operator, admin] = [journey.person("viewer"), journey.person("operator"), journey.person("admin")];
  const room = await createSpace(journey, operator, viewer);
  const preview = await operator.ask("watch country=DE", { roomId: room });
  await operator.press(preview, "Watch");
  await operator.waitForMessage(room, /^Watching: watch 1/);
  await viewer.ask("drill", { roomId: room });
  await journey.person("outsider").ask("customers");
  const title = (await operator.call<{ title: string }>("GET", `/rooms/${room}`)).title;
  const expected = [
    `${operator.displayName} (operator): watch country=DE · answered · ${title}`,
    `${operator.displayName} (operator): watch country=DE confirm=yes · done · ${title} · pressed`,
    `${viewer.displayName} (viewer): drill · refused: role · ${title}`,
    `${journey.person("outsider").displayName} (stranger): customers · refused: stranger · 1:1`,
  ];
  expect((await rows("audit command!=start")).slice(-4)).toEqual(expected);
  await journey.restartBot();
  expect((await rows("audit command=start")).map((row) => row.replace(/version .*reports/, "…"))).toEqual([
    "The bot: … · started",
    "The bot: … · started",
  ]);
  const question = await admin.ask(`forget ${operator.email}`);
  expect(question.text).toContain(`Forget ${operator.displayName}?`);
  await admin.press(question, "Forget");
  await admin.waitForMessage(question.roomId, /^The person is forgotten/);
  expect(await rows("audit command=watch")).toEqual(
    expected.slice(0, 2).map((row) => row.replace(operator.displayName, "Somebody forgotten")),
  );
  expect((await operator.ask("watches", { roomId: room })).text).toContain("country=DE");
});
