import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { choicesOf, titlesOf } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;

/** A bot without a copy of the customers, as its only sweep fails: it would answer from the copy while the API does not. */
beforeAll(async () => {
  journey = await startJourney({ customers: 60 });
  await journey.addFault({ api: "wholesale", path: "/wholesale", status: 403 });
  await journey.startBot({ SWEEP_INTERVAL: "1h" });
  await until(() => expect(journey.logged("sweep.failed")).toHaveLength(1));
  await journey.clearFaults();
});
afterEach(() => journey.clearFaults());
afterAll(() => journey.stop());

/** Every error status of the API's documentation, and the text that people get for it. */
test.each([
  [400, "did not accept the request"],
  [401, "refused the Wholesale token"],
  [403, "spark-admin:wholesale_customers_read"],
  [404, "did not find what was asked for"],
  [405, "does not allow this kind of call"],
  [409, "conflicts with a rule"],
  [410, "no longer has"],
  [415, "did not understand the form"],
  [423, "locked this for the moment"],
  [428, "requires a check"],
  [429, "busy"],
  [500, "Something went wrong at Webex"],
  [502, "no valid answer"],
  [503, "overloaded"],
  [504, "did not answer in time"],
])("a %i of the Wholesale API is one sentence with a button to try again", async (status, sentence) => {
  await journey.addFault({ api: "wholesale", path: "/wholesale", status, retryAfter: 0.01 });
  const answer = await journey.person("viewer").ask("customers fresh=yes");
  expect(answer.text).toContain(sentence);
  expect(titlesOf(answer)).toEqual(["Try again"]);
});

test("Try again shows the list in the place of the error, once the API works", async () => {
  const viewer = journey.person("viewer");
  await journey.addFault({ api: "wholesale", path: "/wholesale", status: 403 });
  const failure = await viewer.ask("customers fresh=yes");
  await journey.clearFaults();
  await viewer.press(failure, "Try again");
  const list = await viewer.waitForButton(failure, "Next ›");
  expect(choicesOf(list)).toHaveLength(10);
});

test("the bot waits during a short rate limit of the Wholesale API", async () => {
  await journey.addFault({ api: "wholesale", path: "/wholesale", status: 429, retryAfter: 0.05, times: 2 });
  expect(choicesOf(await journey.person("viewer").ask("customers fresh=yes"))).toHaveLength(10);
});

test("after a gateway timeout the bot asks for fewer rows, and the page is complete", async () => {
  await journey.addFault({ api: "wholesale", path: "/wholesale", status: 504, times: 2 });
  expect(choicesOf(await journey.person("viewer").ask("customers fresh=yes"))).toHaveLength(10);
});

test("a call whose answer was cut off is repeated", async () => {
  await journey.addFault({ api: "wholesale", path: "/wholesale", drop: true, times: 1 });
  expect(choicesOf(await journey.person("viewer").ask("customers fresh=yes"))).toHaveLength(10);
});

test("status reports that the Wholesale API fails, and /readyz stays green: the bot can still answer", async () => {
  await journey.addFault({ api: "wholesale", path: "/wholesale", status: 403 });
  const viewer = journey.person("viewer");
  await viewer.ask("customers fresh=yes");
  expect((await viewer.ask("status")).text).toMatch(
    /^! .*the Wholesale API did not answer the last question[\s\S]*\nUntil it does, the bot answers from its own copy/i,
  );
  expect((await journey.readyz()).status).toBe(200);
});

test("a status that is not known yet works in filters and on cards", async () => {
  const viewer = journey.person("viewer");
  const [first] = choicesOf(await viewer.ask("customers"));
  await journey.changeCustomer(first?.value ?? "", {
    status: "hibernating",
    packages: { webex_holograms: { status: "dreaming" } },
  });
  const list = await viewer.ask("customers status=hibernating fresh=yes");
  expect(choicesOf(list).map(({ value }) => value)).toEqual([first?.value]);
  expect(JSON.stringify(list)).toContain("Hibernating");
  expect(JSON.stringify(list)).toContain("Webex holograms");
});
