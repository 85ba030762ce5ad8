import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttpClient } from "../support/http-client.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { choicesOf, type Message, type Person, titlesOf } from "../support/person.ts";
import { until } from "../support/until.ts";

/** A customer of the world, as `GET /sandbox/customers` returns it. */
interface WorldCustomer {
  readonly id: string;
  readonly externalId?: string;
  readonly status: string;
  readonly address?: { readonly city?: string; readonly country?: string };
  readonly packages: readonly string[];
  readonly resourceDetails: {
    readonly packages: readonly { readonly name: string; readonly status: string }[];
  };
}

const QUICK = { SWEEP_INTERVAL: "500ms", WATCH_INTERVAL: "1h", API_CALLS_PER_MINUTE: "100000" };
const CALLING = "webex_calling";

let journey: Journey;
let viewer: Person;

beforeAll(async () => {
  journey = await startJourney({ customers: 230, seed: 3 });
  viewer = journey.person("viewer");
  await journey.startBot(QUICK);
  await waitForSweep();
  await waitForNames();
});
afterAll(() => journey.stop());

/** Waits for a complete sweep that began after this call: of all customers, or of this scope. */
async function waitForSweep(scope?: string): Promise<void> {
  const isOurs = (line: Record<string, unknown>) => line.event === "sweep.complete" && line.scope === scope;
  const before = journey.logEntries.filter(isOurs).length;
  await until(() => expect(journey.logEntries.filter(isOurs).length).toBeGreaterThan(before + 1));
}

/** Waits until the bot has read the names: they change the titles and the order of lists. */
async function waitForNames(): Promise<void> {
  await until(() => expect(journey.logEntries.map(({ event }) => event)).toContain("names.listed"));
  const { counts } = await journey.sandbox<{ counts: Record<string, number> }>("GET", "/calls");
  expect([counts["GET /organizations"], counts["GET /organizations/:id"]]).toEqual([1, undefined]);
  await waitForSweep();
}

async function world(): Promise<readonly WorldCustomer[]> {
  return (await journey.sandbox<{ items: WorldCustomer[] }>("GET", "/customers?max=1000")).items;
}

const plainText = ({ text = "" }: Message) => text.replaceAll(/[\u2060\u200b]/g, "").replaceAll("\u00a0", " ");

/** How many match in all, from the card. */
function totalOf(message: Message): number {
  return Number(/ of ([\d,]+)/.exec(plainText(message))?.[1]?.replace(",", "") ?? Number.NaN);
}

/** The ids of all rows, page by page. */
async function listIds(question: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await viewer.ask(`${question} max=50 page=${page}`);
    ids.push(...choicesOf(answer).map(({ value }) => value));
    if (!titlesOf(answer).includes("Next ›")) return ids;
  }
}

const idsOf = (customers: readonly WorldCustomer[]) => customers.map(({ id }) => id).sort();
const hasPackage = (customer: WorldCustomer, name: string, status?: string) =>
  customer.resourceDetails.packages.some((one) => one.name === name && (status === undefined || one.status === status));

test("packages, their status, and negated filters find every customer and no other", async () => {
  const all = await world();
  const found = async (question: string) => [...(await listIds(question))].sort();
  const matching = (test: (customer: WorldCustomer) => boolean) => idsOf(all.filter(test));
  expect(await found(`package=${CALLING}`)).toEqual(matching((one) => hasPackage(one, CALLING)));
  expect(await found(`package=${CALLING} package.status=error`)).toEqual(
    matching((one) => hasPackage(one, CALLING, "error")),
  );
  expect(await found(`package!=${CALLING}`)).toEqual(matching((one) => !hasPackage(one, CALLING)));
  expect(await found("status=error,provisioning")).toEqual(
    matching(({ status }) => status === "error" || status === "provisioning"),
  );
});

test("a free word finds by city, and the card has the total and the age of the data", async () => {
  const all = await world();
  const city = all.find(({ address }) => address?.city !== undefined)?.address?.city ?? "";
  const answer = await viewer.ask(`customers "${city}" max=50`);
  const shown = choicesOf(answer).map(({ value }) => value);
  const matching = idsOf(all.filter(({ address }) => address?.city === city));
  expect(shown).toEqual(expect.arrayContaining(matching));
  expect(plainText(answer)).toMatch(/as of .*complete/);
});

test("any page can be asked for, the total is exact, and a page behind the last one is the last one", async () => {
  const matching = (await world()).filter((one) => hasPackage(one, CALLING));
  const last = Math.ceil(matching.length / 10);
  const answer = await viewer.ask(`customers package=${CALLING} page=${last}`);
  expect(totalOf(answer)).toBe(matching.length);
  expect(choicesOf(answer)[0]?.title).toMatch(new RegExp(`^${(last - 1) * 10 + 1}\\. `));
  expect(titlesOf(answer)).not.toContain("Next ›");
  const beyond = await viewer.ask(`customers package=${CALLING} page=999`);
  expect(choicesOf(beyond)).toEqual(choicesOf(answer));
  expect(plainText(beyond)).toContain("this is the last one.");
});

test("a list is sorted up and down, and its rows open by their number", async () => {
  const up = await listIds("customers sort=country");
  const country = new Map((await world()).map(({ id, address }) => [id, address?.country ?? ""]));
  const countries = up.map((id) => country.get(id) ?? "");
  expect(up).toHaveLength(country.size);
  expect(countries).toEqual([...countries].sort());
  const down = await viewer.ask("customers sort=-country");
  expect(country.get(choicesOf(down)[0]?.value ?? "")).toBe(countries.at(-1));
  const opened = await viewer.ask("open 4");
  expect(plainText(opened)).toContain(choicesOf(down)[3]?.value);
  const further = await viewer.ask("open 23");
  const third = await viewer.ask("customers sort=-country page=3");
  expect(plainText(further)).toContain(choicesOf(third)[2]?.value);
});

test("Refresh reads the Wholesale API where it can filter, and the snapshot where it cannot", async () => {
  const errors = await viewer.ask("errors");
  expect(plainText(errors)).toMatch(/as of/);
  await viewer.press(errors, "Refresh");
  const live = await viewer.waitForEdit(errors, (one) => /live/.test(one.text ?? ""));
  expect(choicesOf(live).length).toBe(choicesOf(errors).length);
  const words = await viewer.ask(`customers package=${CALLING}`);
  await viewer.press(words, "Refresh");
  const again = await viewer.waitForEdit(words, (one) => (one.updated ?? one.created) !== words.created);
  expect(plainText(again)).toMatch(/as of/);
});

test("the summary has the totals of the world, and a button to the errors", async () => {
  const all = await world();
  const answer = await viewer.ask("summary");
  expect(titlesOf(answer)).toEqual(["Show errors", "Export", "Refresh"]);
  expect(plainText(answer)).toContain(String(all.length));
  const known = new Set((await viewer.fromBot(answer.roomId)).map(({ id }) => id));
  await viewer.press(answer, "Show errors");
  const list = await viewer.waitForMessage(answer.roomId, ({ id }) => !known.has(id));
  const unhealthy = all.filter((one) => one.resourceDetails.packages.some(({ status }) => status === "error"));
  expect(totalOf(list)).toBe(unhealthy.length);
});

test("a change is observed by the next sweep, and is in changes, history and the customer's card", async () => {
  const healthy = (await world()).find((one) => hasPackage(one, CALLING, "provisioned"));
  if (healthy === undefined) throw new Error("no healthy customer");
  await journey.changeCustomer(healthy.id, {
    packages: {
      [CALLING]: { status: "error", errors: [{ errorCode: 2560, description: "No licences left" }] },
    },
  });
  await waitForSweep();
  const changes = await viewer.ask("what changed in the last hour");
  expect(plainText(changes)).toMatch(/Calling.*Provisioned → . Error/i);
  expect(plainText(changes)).toContain("2560");
  const history = await viewer.ask(`history ${healthy.externalId ?? healthy.id}`);
  expect(plainText(history)).toContain("2560");
  expect(titlesOf(history)).toContain("Customer");
  await viewer.press(history, "Customer");
  const detail = await viewer.waitForMessage(
    history.roomId,
    (one) =>
      one.id !== history.id && one.id > "" && titlesOf(one).includes("History") && plainText(one).includes(healthy.id),
  );
  expect(plainText(detail)).toContain("No licences left");
  await viewer.press(detail, "History");
  const back = await viewer.waitForButton(detail, "Customer");
  expect(plainText(back)).toContain("2560");
});

test("the trend has its numbers, and its chart comes in a message of its own", async () => {
  const { length } = await world();
  const answer = await viewer.ask("trend");
  expect(plainText(answer)).toContain(`All: ${length}\n`);
  const { name, bytes } = await fileAfter(viewer, answer);
  expect(name).toMatch(/^trend-\d{4}-\d\d-\d\d\.png$/);
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
});

test("an export is one file with every row, and a formula in it is text", async () => {
  const [first] = await world();
  if (first === undefined) throw new Error("no customer");
  await journey.changeCustomer(first.id, { externalId: '=HYPERLINK("http://x")' });
  await waitForSweep();
  const all = await world();
  const answer = await viewer.ask("export sort=externalId");
  expect(plainText(answer)).toMatch(new RegExp(`${all.length} customers, as of .* UTC, complete`));
  const { name, bytes, message } = await fileAfter(viewer, answer);
  expect(name).toMatch(/^customers-\d{4}-\d\d-\d\d\.csv$/);
  expect(message.text).toMatch(new RegExp(`^${all.length} customers, as of`));
  const csv = bytes.toString();
  expect(csv.startsWith("\uFEFF")).toBe(true);
  expect(csv.trimEnd().split("\r\n")).toHaveLength(all.length + 1);
  for (const { id } of all) expect(csv).toContain(id);
  expect(csv).toContain('HYPERLINK(""http://x"")');
  expect(csv).not.toMatch(/(^|[,\n"])=HYPERLINK/);
  const files = (await viewer.fromBot(answer.roomId)).filter((one) => filesOf(one).length > 0);
  expect(files.filter(({ text }) => text === message.text)).toHaveLength(1);
});

test("while the Wholesale API does not answer, the snapshot does, and the card says so", async () => {
  await journey.addFault({ api: "wholesale", path: "/wholesale/customers", drop: true });
  try {
    const answer = await viewer.ask("customers status=provisioning");
    expect(plainText(answer)).toContain("The Wholesale API does not answer at the moment");
    expect(plainText(answer)).toMatch(/as of/);
  } finally {
    await journey.clearFaults();
  }
});

describe("a space that is bound to a sub-partner", () => {
  let own: readonly WorldCustomer[];
  let others: readonly WorldCustomer[];
  let room: { roomId: string };

  const customersOf = async (subPartner: string) => {
    const call = createHttpClient(`${journey.url}/v1/wholesale`, journey.env.WHOLESALE_ACCESS_TOKEN);
    const path = `/customers?max=100&onBehalfOfSubPartnerOrgId=${subPartner}`;
    return (await call<{ items: WorldCustomer[] }>("GET", path)).items;
  };

  beforeAll(async () => {
    room = { roomId: journey.groupRoom };
    const admin = journey.person("admin");
    const list = await admin.ask("subpartners", room);
    expect(plainText(list)).toContain("Northlight Telecom");
    expect(titlesOf(list)[0]).toBe("Use Northlight Telecom");
    const bound = await admin.ask("use Northlight Telecom", room);
    expect(plainText(bound)).toContain("now sees only Northlight Telecom");
    const orgId = journey.world.customers.subPartners[0]?.orgId ?? "";
    own = await customersOf(orgId);
    const mine = new Set(own.map(({ id }) => id));
    others = (await world()).filter(({ id }) => !mine.has(id));
    expect(own.length).toBeGreaterThan(0);
    await waitForSweep(orgId);
  });

  test("can be bound by admins only", async () => {
    const answer = await viewer.ask("use all", room);
    expect(plainText(answer)).toContain("admin");
  });

  test("lists, finds and counts its own customers and no others", async () => {
    const mine = new Set(own.map(({ id }) => id));
    for (const question of [
      "customers max=50",
      `package=${CALLING} max=50`,
      "errors max=50",
      "customers sort=name max=50",
    ]) {
      const answer = await viewer.ask(question, room);
      expect(choicesOf(answer).filter(({ value }) => !mine.has(value))).toEqual([]);
      expect(plainText(answer)).toContain("Northlight Telecom");
    }
    const summary = await viewer.ask("summary", room);
    expect(plainText(summary)).toMatch(new RegExp(`\\b${own.length}\\b`));
  });

  test("does not find a customer of another sub-partner by any id", async () => {
    const other = others.find(({ externalId = "=" }) => !externalId.startsWith("="));
    for (const ref of [other?.id, other?.externalId, `customer=${other?.id}`]) {
      expect(plainText(await viewer.ask(`customer ${ref}`, room))).toContain("No such customer");
      expect(plainText(await viewer.ask(`history ${ref}`, room))).toContain("No such customer");
    }
    const mine = own[0];
    expect(plainText(await viewer.ask(`customer ${mine?.id}`, room))).toContain(mine?.id);
  });

  test("refuses the name of another sub-partner, and exports its own customers", async () => {
    const other = journey.world.customers.subPartners[1]?.orgId;
    const refused = await viewer.ask(`customers subpartner="${other}"`, room);
    expect(plainText(refused)).toContain("This space sees only Northlight Telecom");
    expect(plainText(await viewer.ask("subpartners", room))).not.toContain("Canyon Connect");
    const { bytes } = await fileAfter(viewer, await viewer.ask("export", room));
    expect(bytes.toString().trimEnd().split("\r\n")).toHaveLength(own.length + 1);
  });

  test("other spaces list all customers as before, and so does this one once it is no longer bound", async () => {
    expect(totalOf(await viewer.ask("customers sort=name"))).toBe((await world()).length);
    await journey.person("admin").ask("use all", room);
    expect(totalOf(await viewer.ask("customers sort=name", room))).toBe((await world()).length);
  });
});

test("names are read gradually: a customer opens by its name, and a live list shows names beside external ids", async () => {
  const { items } = await journey.sandbox<{ items: (WorldCustomer & { name: string })[] }>("GET", "/customers?max=200");
  const provisioned = items.filter(({ status }) => status === "provisioned");
  const names = provisioned.map(({ name }) => name);
  const unique = provisioned.find(({ name }) => names.filter((one) => one.includes(name)).length === 1);
  if (unique === undefined) throw new Error("no customer has a unique name");
  const opened = await until(async () => {
    const answer = await viewer.ask(`customer "${unique.name}"`);
    expect(plainText(answer)).toContain(unique.id);
    return answer;
  });
  expect(plainText(opened)).toContain(unique.name);
  expect(plainText(opened)).toContain(unique.externalId ?? unique.id);
  const live = await viewer.ask(`customers orgId="${(await detailOf(unique.id)).orgId}"`);
  expect(plainText(live)).toContain("live");
  expect(plainText(live)).toContain(unique.name);
});

test("before the first sweep is complete, the bot shows its progress and answers from what it has", async () => {
  const early = await startJourney({ customers: 900, seed: 5 });
  try {
    await early.sandbox("POST", "/faults", {
      api: "wholesale",
      path: "/wholesale/customers",
      delayMs: 1_000,
    });
    await early.startBot({ ...QUICK, SWEEP_INTERVAL: "1h" });
    const viewer = early.person("viewer");
    const none = await viewer.ask("summary");
    expect(plainText(none)).toMatch(/The customers have not been read yet|read so far/);
    const some = await until(async () => {
      const answer = await viewer.ask(`customers package=${CALLING}`);
      expect(plainText(answer)).toMatch(/[1-9]\d* customers read so far/);
      return answer;
    });
    expect(choicesOf(some).length).toBeGreaterThan(0);
    await early.sandbox("DELETE", "/faults");
  } finally {
    await early.stop();
  }
});

const detailOf = (id: string) => journey.sandbox<{ orgId: string }>("GET", `/customers/${id}`);

const filesOf = ({ files = [] }: Message): readonly string[] => files;

/** The file that came after this answer. */
async function fileAfter(person: Person, answer: Message) {
  const message = await person.waitForMessage(
    answer.roomId,
    (one) => filesOf(one).length > 0 && one.created >= answer.created,
  );
  const [url = ""] = filesOf(message);
  const response = await fetch(url, { headers: { authorization: `Bearer ${person.token}` } });
  const disposition = response.headers.get("content-disposition") ?? "";
  return {
    message,
    name: /filename="([^"]+)"/.exec(disposition)?.[1] ?? "",
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}
