import { createSpace } from "../../support/alert-journey.ts";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { assertOutsiderSawNothing } from "../judge.ts";
import { json, type ProxiedAnswer, replaceWith } from "../proxy.ts";

interface WebexPerson {
  readonly id: string;
  readonly emails?: unknown;
  readonly orgId?: unknown;
  readonly type?: string;
}

/** Descriptions of the outsider by Webex. The lists of this bot name kim.lee and the domain kingston.example. */
const disguises = ({ world }: Arena): Readonly<Record<string, (eve: WebexPerson) => unknown>> => {
  const emails =
    (...list: unknown[]) =>
    (eve: WebexPerson) => ({ ...eve, emails: list });
  return {
    "a Kelvin sign for the k of an operator": emails("\u212Aim.lee@kingston.example.evil", "\u212Aim.lee@else.example"),
    "a Kelvin sign for the k of an operator, as the only address": emails("\u212Aim.lee@else.example"),
    "a Kelvin sign for the k of the domain": emails("eve@\u212Aingston.example"),
    "a long s for an s": emails("eve@king\u017fton.example"),
    "a dotless i": emails("eve@k\u0131ngston.example"),
    "a Turkish capital I": emails("eve@K\u0130NGSTON.example"),
    "a Cyrillic letter in the domain": emails("eve@kingst\u043en.example"),
    "the domain in Punycode": emails("eve@xn--kingstn-9gg.example"),
    "full-width letters in the domain": emails("eve@\uff4bingston.example"),
    "a full-width point": emails("eve@kingston\uff0eexample"),
    "an ideographic full stop": emails("eve@kingston\u3002example"),
    "a soft hyphen in the domain": emails("eve@king\u00adston.example"),
    "a zero-width joiner in the domain": emails("eve@kingston\u200d.example"),
    "the domain of a sub-domain": emails("eve@evil.kingston.example"),
    "the domain as a part of another": emails("eve@kingston.example.evil.example"),
    "another domain that ends like it": emails("eve@notkingston.example"),
    "the domain with a point behind": emails("eve@kingston.example."),
    "the domain with a port": emails("eve@kingston.example:25"),
    "a quoted first part with the domain in it": emails('"eve@kingston.example"@evil.example'),
    "a comment behind the domain": emails("eve@evil.example(@kingston.example"),
    "a percent sign for the at sign": emails("eve%kingston.example"),
    "only the domain": emails("kingston.example"),
    "a line break and the domain": emails("eve@evil.example\n@kingston.example\n.evil.example"),
    "the good address as the second one": emails("eve@evil.example", "kim.lee@else.example"),
    "no address": emails(),
    "addresses that are no list": (eve) => ({ ...eve, emails: "kim.lee@else.example" }),
    "an address that is an object": emails({ toLowerCase: "kim.lee@else.example" }),
    "an address that is a list": emails(["kim.lee@else.example"]),
    "the type admin": (eve) => ({ ...eve, type: "admin", roles: ["admin"], emails: ["eve@evil.example"] }),
    "the home organisation, while lists decide": (eve) => ({ ...eve, orgId: world.people.bot.orgId }),
    "__proto__ with a good address": (eve) =>
      JSON.parse(`{"id":"${eve.id}","__proto__":{"emails":["kim.lee@else.example"]}}`),
    "the record of an operator in the place of his own": () => {
      const { id, orgId } = world.people.all[3] as { id: string; orgId: string };
      return { id, orgId, emails: ["kim.lee@else.example"] };
    },
    "an empty object": () => ({}),
    "a list of people": (eve) => ({ items: [{ ...eve, emails: ["kim.lee@else.example"] }] }),
  };
};

const ODD: Readonly<Record<string, ProxiedAnswer>> = {
  "204": { status: 204 },
  null: json(null),
  HTML: { status: 200, body: "<html>kim.lee@else.example</html>" },
  403: json({}, 403),
  404: json({}, 404),
};

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const outsider = arena.person("outsider");
  const path = `/people/${outsider.personId}`;
  const eve = await outsider.call<WebexPerson>("GET", path);

  async function ask(answer: ProxiedAnswer): Promise<void> {
    // The record of a person is an hour old at most.
    await arena.advanceClock("2h");
    arena.proxy.intercept(replaceWith("GET", path, answer));
    const roomId = await createSpace(arena, arena.person("viewer"), arena.person("admin"));
    await arena.person("viewer").call("POST", "/memberships", { roomId, personId: outsider.personId });
    const handled = () =>
      ["answer.sent", "answer.denied", "answer.postponed", "answer.failed"].reduce(
        (sum, event) => sum + arena.logged(event).length,
        0,
      );
    const before = handled();
    await outsider.send("customers status=error", "direct");
    await until(() => {
      if (handled() === before) throw new Error("The question was not answered yet.");
    });
    assertOutsiderSawNothing(arena);
  }

  return [...forEach(disguises(arena), (disguise) => ask(json(disguise(eve)))), ...forEach(ODD, ask)];
}

export const people: Area = {
  name: "disguised people",
  judged: "the outsider asks 1:1 while Webex describes him so, and reads no customer",
  arena: {
    env: {
      ALLOW_EMAIL_DOMAINS: "kingston.example,meridian-voice.example",
      ALLOW_EMAILS: "kim.lee@else.example",
      OPERATORS: "kim.lee@else.example",
    },
  },
  attacks: attacksOf,
};
