import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readKnownCodes } from "../src/codes-file.ts";
import { readConfig, VARIABLES } from "../src/config.ts";

const GOOD = {
  WEBEX_BOT_TOKEN: "bot-token",
  WEBEX_WEBHOOK_SECRET: "a-secret-of-enough-length",
  PUBLIC_URL: "https://bot.example.com/",
  WHOLESALE_ACCESS_TOKEN: "admin-token",
};

function configOf(environment: Record<string, string>) {
  const read = readConfig(environment);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.config;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  const read = readConfig(environment);
  return read.ok ? [] : read.problems;
}

test("an empty environment reports every missing variable at once, each with a hint", () => {
  const names = problemsOf({}).map((problem) => problem.split(":")[0]);
  expect(names).toEqual(["WEBEX_BOT_TOKEN", "WHOLESALE_ACCESS_TOKEN"]);
});

test("a public address needs a secret, and without an address there are no webhooks", () => {
  const { WEBEX_WEBHOOK_SECRET: secret, PUBLIC_URL: address, ...tokens } = GOOD;
  expect(problemsOf({ ...tokens, PUBLIC_URL: address }).join()).toMatch(
    /^WEBEX_WEBHOOK_SECRET: .*openssl rand -hex 32$/,
  );
  for (const environment of [tokens, { ...tokens, WEBEX_WEBHOOK_SECRET: secret }])
    expect(configOf(environment).webex).not.toHaveProperty("webhook");
});

test("the four variables of a bot with webhooks are enough, and the rest has its defaults", () => {
  expect(configOf(GOOD)).toEqual({
    port: 3000,
    logLevel: "info",
    questionsPerMinute: 30,
    codes: new Map(),
    webex: {
      apiUrl: "https://webexapis.com/v1",
      botToken: "bot-token",
      webhook: { publicUrl: "https://bot.example.com", secrets: ["a-secret-of-enough-length"] },
    },
    wholesale: { apiUrl: "https://webexapis.com/v1", auth: { kind: "static", accessToken: "admin-token" } },
    monitor: { sweepMs: 300_000, watchMs: 30_000, callsPerMinute: 120 },
    alerting: { timings: { waitMs: 30_000, intervalMs: 300_000, reopenMs: 1_800_000, remindMs: 14_400_000 } },
    database: { dataDir: "./data", dataKeys: [] },
    access: { emailDomains: [], emails: [], operators: [], admins: [] },
  });
});

test("a variable set to nothing counts as not set", () => {
  expect(problemsOf({ ...GOOD, WEBEX_BOT_TOKEN: "  " })).toHaveLength(1);
  expect(configOf({ ...GOOD, PORT: "" }).port).toBe(3000);
});

test("two secrets are accepted while rotating, three or a short one are not", () => {
  const [first, second] = ["first-secret-of-length", "second-secret-of-length"];
  expect(configOf({ ...GOOD, WEBEX_WEBHOOK_SECRET: `${first}, ${second}` }).webex.webhook?.secrets).toEqual([
    first,
    second,
  ]);
  expect(problemsOf({ ...GOOD, WEBEX_WEBHOOK_SECRET: `${first},${second},${first}` })).toHaveLength(1);
  expect(problemsOf({ ...GOOD, WEBEX_WEBHOOK_SECRET: "short" }).join()).toContain("16 characters");
});

test("one data key or two of 32 bytes are accepted, others are not, and none is repeated", () => {
  const [first, second] = [7, 8].map((byte) => Buffer.alloc(32, byte));
  const text = [first, second].map((key) => key?.toString("base64")).join(", ");
  expect(configOf({ ...GOOD, DATA_KEY: text }).database.dataKeys).toEqual([first, second]);
  for (const wrong of ["secret", Buffer.alloc(16).toString("base64"), `${text},${text}`, "a".repeat(64)]) {
    const problems = problemsOf({ ...GOOD, DATA_KEY: wrong }).join();
    expect(problems).toMatch(/^DATA_KEY: .*(openssl rand -base64 32|two with a comma)/);
    expect(problems).not.toContain(wrong);
  }
});

test("plain http is for this machine alone", () => {
  expect(problemsOf({ ...GOOD, PUBLIC_URL: "http://bot.example.com" }).join()).toContain("https");
  expect(configOf({ ...GOOD, PUBLIC_URL: "http://127.0.0.1:4001" }).webex.webhook?.publicUrl).toBe(
    "http://127.0.0.1:4001",
  );
  expect(problemsOf({ ...GOOD, PUBLIC_URL: "bot.example.com" })).toHaveLength(1);
});

test("a refresh token has precedence over an access token, and its three variables belong together", () => {
  const refresh = {
    WHOLESALE_CLIENT_ID: "id",
    WHOLESALE_CLIENT_SECRET: "secret",
    WHOLESALE_REFRESH_TOKEN: "refresh",
  };
  expect(configOf({ ...GOOD, ...refresh }).wholesale.auth.kind).toBe("refresh");
  expect(problemsOf({ ...GOOD, WHOLESALE_CLIENT_ID: "id" }).join()).toMatch(
    /WHOLESALE_CLIENT_SECRET, WHOLESALE_REFRESH_TOKEN/,
  );
});

test("a time has a unit, and is neither too short nor too long", () => {
  const { monitor } = configOf({ ...GOOD, SWEEP_INTERVAL: "1.5h", WATCH_INTERVAL: "500ms" });
  expect(monitor).toMatchObject({ sweepMs: 5_400_000, watchMs: 500 });
  const problems = problemsOf({ ...GOOD, SWEEP_INTERVAL: "300", WATCH_INTERVAL: "0s" });
  expect(problems.map((problem) => problem.split(":")[0])).toEqual(["SWEEP_INTERVAL", "WATCH_INTERVAL"]);
  expect(problems.every((problem) => problem.includes("30s, 5m or 1h"))).toBe(true);
  expect(problemsOf({ ...GOOD, WATCH_INTERVAL: "8d" })).toHaveLength(1);
});

test("the budget of calls is a whole number of at least 12", () => {
  expect(configOf({ ...GOOD, API_CALLS_PER_MINUTE: "300" }).monitor.callsPerMinute).toBe(300);
  for (const wrong of ["0", "11", "12.5", "many"]) {
    expect(problemsOf({ ...GOOD, API_CALLS_PER_MINUTE: wrong })).toHaveLength(1);
  }
});

test("lists are trimmed and lower case, since addresses are", () => {
  expect(configOf({ ...GOOD, ADMINS: "Ada@Example.com, ,bob@example.com" }).access.admins).toEqual([
    "ada@example.com",
    "bob@example.com",
  ]);
});

test.each(["OPERATORS", "ADMINS", "ALLOW_EMAILS"])(
  "%s takes addresses with commas between them, and nothing else",
  (name) => {
    for (const wrong of [
      "bob; alice",
      "bob@x.example;ada@x.example",
      "bob",
      "ada@x.example,bob",
      "Bob <bob@x.example>",
    ]) {
      const problems = problemsOf({ ...GOOD, [name]: wrong });
      expect(problems).toEqual([expect.stringMatching(`^${name}: .*commas.*ada@example.com,bob@example.com`)]);
    }
    expect(problemsOf({ ...GOOD, [name]: "ada@x.example,bob, ,eve@x.example" }).join()).toContain("Entry 2 ");
  },
);

test("a domain has no @, no address before it, and a dot", () => {
  expect(configOf({ ...GOOD, ALLOW_EMAIL_DOMAINS: "X.example, y.example" }).access.emailDomains).toEqual([
    "x.example",
    "y.example",
  ]);
  for (const wrong of ["@x.example", "ada@x.example", "x.example;y.example", "x", "https://x.example"])
    expect(problemsOf({ ...GOOD, ALLOW_EMAIL_DOMAINS: wrong }).join()).toMatch(/^ALLOW_EMAIL_DOMAINS: .*example.com/);
});

/** A new file with this text, as an orchestrator mounts a secret. */
function secretFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "wholesale-bot-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "secret");
  writeFileSync(path, text);
  return path;
}

test("a variable may be in a file, whose last line break is not part of it", () => {
  const { WEBEX_BOT_TOKEN: token, ...others } = GOOD;
  const config = configOf({
    ...others,
    WEBEX_BOT_TOKEN_FILE: secretFile(`${token}\n`),
    DATABASE_URL_FILE: secretFile("postgres://bot@db.example/bot\r\n"),
  });
  expect(config.webex.botToken).toBe(token);
  expect(config.database.databaseUrl).toBe("postgres://bot@db.example/bot");
});

test("a file that cannot be read or is empty is named once, and so is a variable that is set twice", () => {
  const { WEBEX_BOT_TOKEN: _, ...others } = GOOD;
  const withFile = (path: string) => problemsOf({ ...others, WEBEX_BOT_TOKEN_FILE: path });
  expect(withFile("/no/such/hunter2")).toEqual([expect.stringMatching(/^WEBEX_BOT_TOKEN_FILE: .*ENOENT/)]);
  expect(withFile(tmpdir())).toEqual([expect.stringMatching(/^WEBEX_BOT_TOKEN_FILE: .*EISDIR/)]);
  expect(withFile(secretFile("\n"))).toEqual([expect.stringMatching(/^WEBEX_BOT_TOKEN_FILE: .*empty/)]);
  expect(withFile("/no/such/hunter2").join()).not.toContain("hunter2");
  const twice = problemsOf({ ...GOOD, WEBEX_BOT_TOKEN_FILE: secretFile("other") });
  expect(twice).toEqual([expect.stringMatching(/^WEBEX_BOT_TOKEN: .*WEBEX_BOT_TOKEN_FILE/)]);
  const noList = problemsOf({ ...GOOD, OPERATORS_FILE: secretFile("bob") });
  expect(noList).toEqual([expect.stringMatching(/^OPERATORS: /)]);
});

const ENTRY = { meaning: "The zip is wrong.", owner: "customer", next: "Ask for it.", retry: "no", source: "our desk" };

test("CODES_FILE adds codes, and its entries take the place of those that the bot comes with", () => {
  const own = { 92101: ENTRY, 2560: { ...ENTRY, link: "https://status.example.com" } };
  const { codes } = configOf({ ...GOOD, CODES_FILE: secretFile(JSON.stringify(own)) });
  const known = readKnownCodes("cards/codes.json", codes);
  expect([...known.keys()].sort((a, b) => a - b)).toEqual([2560, 10022, 92101]);
  expect(known.get(2560)).toEqual(own[2560]);
});

test("a fault in the delivered file ends the start, and names the file", () => {
  const broken = secretFile(JSON.stringify({ 7: ENTRY, 8: 1 }));
  expect(() => readKnownCodes(broken, new Map())).toThrow(/secret: 8: An entry is an object/);
});

test("every fault of CODES_FILE is named at once", () => {
  const faultsOf = (text: string) => problemsOf({ ...GOOD, CODES_FILE: secretFile(text) });
  expect(faultsOf("{")).toEqual(["CODES_FILE: The file is not JSON."]);
  expect(faultsOf("[]")).toEqual([expect.stringMatching(/^CODES_FILE: Write one object/)]);
  expect(problemsOf({ ...GOOD, CODES_FILE: "/no/such/hunter2" })).toEqual([
    expect.stringMatching(/^CODES_FILE: The file cannot be read \(ENOENT\)/),
  ]);
  const { meaning: _, ...mute } = ENTRY;
  const wrong = {
    7: { ...mute, owner: "we" },
    "0x7": ENTRY,
    8: { ...ENTRY, link: "http://example.com", cure: "" },
    9: 1,
  };
  expect(faultsOf(JSON.stringify(wrong)).map((fault) => fault.slice(0, 44))).toEqual([
    "CODES_FILE: 7.meaning: Say what the code mea",
    "CODES_FILE: 7.owner: Say whose turn it is: u",
    "CODES_FILE: 8.link: Use an https address, or",
    "CODES_FILE: 8: Leave out cure: an entry has ",
    "CODES_FILE: 9: An entry is an object with me",
    "CODES_FILE: 0x7: Is no error code: use the d",
  ]);
});

test("what .env.example calls required is what the bot misses without it", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const [, required = ""] = /^# -+ Required -+$(.*)^# -+ Optional -+$/ms.exec(example) ?? [];
  const names = [...required.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  const missing = problemsOf({}).flatMap((problem) => problem.match(/[A-Z]+_[A-Z_]+/g) ?? []);
  expect([...new Set(missing)].sort()).toEqual(names.sort());
});

test("a problem never repeats the value, which may be a secret", () => {
  const problems = problemsOf({
    ...GOOD,
    PUBLIC_URL: "hunter2",
    PORT: "hunter2",
    LOG_LEVEL: "hunter2",
    WEBEX_WEBHOOK_SECRET: "hunter2",
    OPERATORS: "hunter2",
  });
  expect(problems).toHaveLength(5);
  expect(problems.join("\n")).not.toContain("hunter2");
});

test(".env.example and docs/connect.md name exactly the variables that the bot reads", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  expect([...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name).sort()).toEqual([...VARIABLES].sort());
  const page = readFileSync(new URL("../docs/connect.md", import.meta.url), "utf8");
  expect(VARIABLES.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
