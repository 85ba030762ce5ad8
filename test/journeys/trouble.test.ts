import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { choicesOf, titlesOf } from "../support/person.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ customers: 60 });
  await journey.startBot();
});
afterEach(() => journey.sandbox("DELETE", "/faults"));
afterAll(() => journey.stop());

/** Every response code of the API page's table that is no success, and what people read when it comes. */
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
])("a %i of the Wholesale API is said in a sentence, with a way on", async (status, sentence) => {
  await journey.sandbox("POST", "/faults", {
    api: "wholesale",
    path: "/wholesale",
    status,
    retryAfter: 0.01,
  });
  const answer = await journey.person("viewer").ask("customers fresh=yes");
  expect(answer.text).toContain(sentence);
  expect(titlesOf(answer)).toEqual(["Try again"]);
});

test("Try again shows the list in the place of the failure, once the trouble is over", async () => {
  const viewer = journey.person("viewer");
  await journey.sandbox("POST", "/faults", { api: "wholesale", path: "/wholesale", status: 403 });
  const failure = await viewer.ask("customers fresh=yes");
  await journey.sandbox("DELETE", "/faults");
  await viewer.press(failure, "Try again");
  const list = await viewer.see(
    failure.roomId,
    (message) => message.id === failure.id && titlesOf(message).includes("Next ›"),
  );
  expect(choicesOf(list)).toHaveLength(10);
});

test("a short rate limit of the Wholesale API is waited out", async () => {
  await journey.sandbox("POST", "/faults", {
    api: "wholesale",
    path: "/wholesale",
    status: 429,
    retryAfter: 0.05,
    times: 2,
  });
  expect(choicesOf(await journey.person("viewer").ask("customers fresh=yes"))).toHaveLength(10);
});

test("a gateway timeout is asked again for fewer rows, and the page is whole all the same", async () => {
  await journey.sandbox("POST", "/faults", { api: "wholesale", path: "/wholesale", status: 504, times: 2 });
  expect(choicesOf(await journey.person("viewer").ask("customers fresh=yes"))).toHaveLength(10);
});

test("an answer that is cut off in the middle is asked for again", async () => {
  await journey.sandbox("POST", "/faults", { api: "wholesale", path: "/wholesale", drop: true, times: 1 });
  expect(choicesOf(await journey.person("viewer").ask("customers fresh=yes"))).toHaveLength(10);
});

test("status says that the Wholesale API is unwell, and /readyz stays green: the bot can still speak", async () => {
  await journey.sandbox("POST", "/faults", { api: "wholesale", path: "/wholesale", status: 403 });
  const viewer = journey.person("viewer");
  await viewer.ask("customers fresh=yes");
  expect((await viewer.ask("status")).text).toContain("Problems: Wholesale API");
  expect((await fetch(`${journey.env.PUBLIC_URL}/readyz`)).status).toBe(200);
});

test("a status that the API begins to send tomorrow works in filters and on cards", async () => {
  const viewer = journey.person("viewer");
  const [first] = choicesOf(await viewer.ask("customers"));
  await journey.sandbox("PATCH", `/customers/${first?.value}`, {
    status: "hibernating",
    packages: { webex_holograms: { status: "dreaming" } },
  });
  const list = await viewer.ask("customers status=hibernating fresh=yes");
  expect(choicesOf(list).map(({ value }) => value)).toEqual([first?.value]);
  expect(JSON.stringify(list)).toContain("Hibernating");
  expect(JSON.stringify(list)).toContain("Webex holograms");
});
