import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { describeCommands, ID } from "./specification.ts";

describeCommands("watching", [
  ["watch", "watch"],
  ["Watch.", "watch"],
  ["subscribe", "watch"],
  ["please watch acme", "watch acme"],
  ["watch: country=DE", "watch country=DE"],
  ["watch package=common area country=DE", "watch package=common_area_calling country=DE"],
  ["watch not status=provisioned", "watch status!=provisioned"],
  ["watch everything", "watch"],
  ["watch country=DE page=2 max=5 sort=name", "watch country=DE"],
  ["watch confirm=yes", "watch confirm=yes"],
  ["watch confirm=no", "watch"],
  ['watch country=DE customer=""', "watch country=DE"],
  ['watch "alerts" "stuck" "packages" "escalate"', 'watch "alerts" "stuck" "packages" "escalate"'],
]);

describeCommands("a watch is of errors, so words for errors add nothing", [
  ["watch errors", "watch"],
  ["watch for errors, please", "watch"],
  ["watch failing", "watch"],
  ["watch all customers in error", "watch"],
  ["watch packages in error in Berlin", "watch Berlin"],
  ["watch status=error", "watch status=error"],
  ["watch package.status=error", "watch package.status=error"],
  ["watch status=errors", "watch status=error,provisioned_with_errors"],
  ["watch provisioned with errors", "watch status=provisioned_with_errors"],
  ["watch without errors", "watch status!=error,provisioned_with_errors"],
  ['watch "errors"', 'watch "errors"'],
  ["alerts in error", "alerts"],
]);

describeCommands("the options of a watch", [
  ["watch stuck=yes warnings=yes removed=yes", "watch stuck=yes warnings=yes removed=yes"],
  ["watch removed=true stuck=on acme", "watch acme stuck=yes removed=yes"],
  ['watch stuck="true" warnings="false" escalate=""', "watch stuck=yes"],
  ["watch stuck=yes stuck=no", "watch"],
  ["watch stuck!=yes", "watch"],
  ["watch stuck packages", "watch stuck=yes"],
  ["watch country=DE including warnings and removed", "watch country=DE warnings=yes removed=yes"],
  ["watch country=DE with warnings", "watch country=DE warnings=yes"],
  ["watch without warnings country=DE", "watch country=DE"],
  ["watch escalate=noc@acme.com", "watch escalate=noc@acme.com"],
  ["watch escalate=mailto:Noc@acme.com.", "watch escalate=Noc@acme.com"],
  ["watch escalate=[noc@acme.com](mailto:noc@acme.com)", "watch escalate=noc@acme.com"],
  ["watch acme escalate to noc@acme.com", "watch acme escalate=noc@acme.com"],
  [`watch escalate=${ID}`, `watch escalate=${ID}`],
]);

describeCommands("watches and their ends", [
  ["watches", "watches"],
  ["show me my watches, please", "watches"],
  ["list watches", "watches"],
  ["watches of this space", "watches"],
  ["watches all", "watches all"],
  ["Watches of all spaces, please", "watches all"],
  ["watches everywhere page=2", "watches all page=2"],
  ["watches all page=0", "not understood: “0” is not a page."],
  ["all watches", "watches"],
  ["subscriptions", "watches"],
  ["unwatch 2", "unwatch 2"],
  ["unwatch #2.", "unwatch 2"],
  ["Unwatch number 2 please", "unwatch 2"],
  ['unwatch number="2"', "unwatch 2"],
  ["unwatch", "unwatch"],
  ["unwatch acme", "unwatch"],
  ["unsubscribe 3", "unwatch 3"],
  ["stop watching 2", "unwatch 2"],
  ["stop my watch 2", "unwatch 2"],
]);

describeCommands("open alerts", [
  ["alerts", "alerts"],
  ["alert", "alert"],
  ["open alerts", "alerts"],
  ["Show me the open alerts!", "alerts"],
  ["list open alerts", "alerts"],
  ["any alerts?", "alerts"],
  ["alerts still open", "alerts"],
  ["alerts page=2", "alerts page=2"],
  ["alerts page 2 package=calling", "alerts package=webex_calling page=2"],
  ["alerts max=5 acme", "alerts acme"],
  [`alerts customer="${ID}" country=DE`, "alerts country=DE"],
]);

describeCommands("one alert", [
  ["alert 1042", "alert 1042"],
  ["show me alert #1042, please", "alert 1042"],
  ["alert 12 13", "not understood: That is more than one alert."],
  ["alert logic", 'customers "alert" logic'],
]);

describeCommands("alerts beyond what this space watches", [
  ["alerts all", "alerts all"],
  ["all alerts", "alerts all"],
  ["show me all the open alerts", "alerts all"],
  ["alerts everywhere", "alerts all"],
  ["alerts all berlin", "alerts all berlin"],
  ["alerts all country=DE page=2", "alerts all country=DE page=2"],
  ['alerts "all"', 'alerts "all"'],
]);

describeCommands("alerts that are over", [
  ["alerts over", "alerts over since=1d"],
  ["alerts over since=1h", "alerts over since=1h"],
  ["recovered alerts", "alerts over since=1d"],
  ["alerts closed since=2h country=DE page=3", "alerts over since=2h country=DE page=3"],
  ["alerts all over since=1h", "alerts all over since=1h"],
  ["alerts since=1h", "alerts since=1h"],
  ['alerts "over" since=1h', 'alerts "over" since=1h'],
  ["alerts over since=soon", "not understood: “soon” is not a span of time."],
]);

describeCommands("acknowledging alerts", [
  ["ack", "ack"],
  ["ack 1042", "ack 1042"],
  ["ack #1042.", "ack 1042"],
  ["ack: 1042", "ack 1042"],
  ["ack alert 1042", "ack 1042"],
  ["ack 12,13", "ack 12,13"],
  ["ack 12 13", "ack 12,13"],
  ["ack 12, 13 and #14", "ack 12-14"],
  ["ack 12-14", "ack 12-14"],
  ["ack 9,12-14,20", "ack 9,12-14,20"],
  ["ack 12–13", "ack 12,13"],
  ["ack 12 9-5 shift", 'ack 12 note="9-5 shift"'],
  ["ack 1-999999999", 'ack note="1-999999999"'],
  ["ack 12 12", "ack 12"],
  ["ack all", "ack all"],
  ["ack all of the open alerts", "ack all"],
  ["ack everything", "ack all"],
  ["ack them all", "ack all"],
  ["acknowledge 12", "ack 12"],
  ["I take 12", "ack 12"],
  ["take it", "ack"],
  ["take 12 please", "ack 12"],
  ["ack it please", "ack"],
  ['ack alert="12,13"', "ack 12,13"],
]);

describeCommands("notes are kept as they were typed", [
  ["ack 1042 on it", 'ack 1042 note="on it"'],
  ["ack 12,13,14 On THEIR way", 'ack 12-14 note="On THEIR way"'],
  ["ack all on it", 'ack all note="on it"'],
  ["ack on it", 'ack note="on it"'],
  // A question about who has it takes nothing.
  ["who is on it", "alert"],
  ["who is working on this", "alert"],
  ["who has this", "alert"],
  ["is anyone looking at this?", "alert"],
  ["whos handling this one", "alert"],
  ["ack on it, all day", 'ack note="on it, all day"'],
  ["ack 1042: on it", 'ack 1042 note="on it"'],
  ["ack 12 - on it", 'ack 12 note="on it"'],
  ["ack 12 on it in 5 minutes", 'ack 12 note="on it in 5 minutes"'],
  ["ack 12 Joe's on it, since 9:00; more later.", `ack 12 note="Joe's on it, since 9:00; more later."`],
  ["ack 12 they said “call me”", 'ack 12 note="they said \\"call me\\""'],
  ['ack 12 "on it"', 'ack 12 note="on it"'],
  ["ack 12 ticket: 4711 eta=2h", 'ack 12 note="ticket: 4711 eta=2h"'],
  ["ack 12 see https://x.io/a,b", 'ack 12 note="see https://x.io/a,b"'],
  ["ack 12 👍", 'ack 12 note="👍"'],
  ['ack 12 note="Carrier is DOWN"', 'ack 12 note="Carrier is DOWN"'],
  ["ack 12 note=Carrier is down, since 9", 'ack 12 note="Carrier is down, since 9"'],
  ['ack 12 on it note="since 9"', 'ack 12 note="on it since 9"'],
  ['ack note="on it" 12', 'ack 12 note="on it"'],
  ['ack 12 note=""', "ack 12"],
]);

describeCommands("an acknowledgement may end, and be taken back", [
  ["ack 12 for=2h", "ack 12 for=2h"],
  ["ack 12 for=120m on it", 'ack 12 for=2h note="on it"'],
  ["ack 12 on it for=2 hours", 'ack 12 for=2h note="on it"'],
  ["ack all for=1d", "ack all for=1d"],
  ["ack 12 on it for 2 hours", 'ack 12 note="on it for 2 hours"'],
  ["ack 12 for=soon", "not understood: “soon” is not a span of time."],
  ["ack 12 waiting for: the carrier", 'ack 12 note="waiting for: the carrier"'],
  ["unack 12", "unack 12"],
  ["unack alert #12, 13 please", "unack 12,13"],
  ["unacknowledge 12-14", "unack 12-14"],
  ["unack", "unack"],
]);

test("a long note is cut nowhere", () => {
  const note = "word, ".repeat(2_000).slice(0, -2);
  expect(parse(`ack 12 ${note}`, { distance })).toEqual({
    ok: true,
    command: { name: "ack", alerts: [12], note },
  });
});
