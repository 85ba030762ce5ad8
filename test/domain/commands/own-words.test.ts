import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { describeCommands, ERRORS } from "./specification.ts";

describeCommands("fields and places in words", [
  ["customers with postcode 28013", "customers zip=28013"],
  ["errors in zip code 75001", `${ERRORS} zip=75001`],
  ["customers in 75001", "customers zip=75001"],
  ["errors of sub-partner Blue River", `${ERRORS} subpartner="Blue River"`],
  ["subpartner Blue River", 'customers subpartner="Blue River"'],
  ["errors in the city of Lyon", `${ERRORS} city=Lyon`],
  ["who is failing in California", 'customers status=error state="California","CA"'],
  ["errors in the state of New York", `${ERRORS} state="New York","NY"`],
  ["state OR errors", 'customers state="Oregon","OR" status=error,provisioned_with_errors'],
  ["customers in WA", 'customers state="Washington","WA"'],
  ["state=ohio", 'customers state="Ohio","OH"'],
  ["state=Bavaria", "customers state=Bavaria"],
  ["errors outside Italy", `${ERRORS} country!=IT`],
  ["Italian errors", "customers country=IT status=error,provisioned_with_errors"],
  ["british customers", "customers country=GB"],
  ["fehler deutscher kunden", `${ERRORS} country=DE`],
  ["clientes españoles", "customers country=ES"],
  ["french calling errors", "customers country=FR package=webex_calling package.status=error"],
]);

describeCommands("any of several", [
  ["errors in Italy, France and Malta", `${ERRORS} country=IT,FR,MT`],
  ["customers in Ireland or in the UK", "customers country=IE,GB"],
  ["customers with meetings or calling", "customers package=webex_meetings,webex_calling"],
  ["customers not in Spain or Portugal", "customers country!=ES,PT"],
  ["customers in Leeds or York", "customers text=Leeds,York"],
  ["country=DE or Austria", "customers country=DE,AT"],
  ["country=DE country=AT", "customers country=DE country=AT"],
]);

describeCommands("a number beside other words is a code", [
  ["which customers have 10022", "customers code=10022"],
  ["2561 in Ireland", "customers code=2561 country=IE"],
  ["who has 2561 since yesterday", "customers code=2561 since=2d"],
  ["acme 2561", 'customers acme "2561"'],
  ["customers 2561", 'customers "2561"'],
]);

describeCommands("questions that a second reader asked", [
  ["2561, how do I fix that?", "code 2561"],
  ["92105 what can we do", "code 92105"],
  ["alerts across all rooms", "alerts all"],
  ["have you told us everything", "verify"],
  ["did you report everything?", "verify"],
  ["notifications that never got through", "outbox"],
  ["which messages did not get out?", "outbox"],
  ["look for acme", "customers acme"],
  ["errors since lunchtime", `${ERRORS} since="12:00"`],
  ["changes since midday", 'changes since="12:00"'],
  ["Lunch Box Ltd", "customers Lunch Box Ltd"],
]);

test.each(["ack all calling alerts", "acknowledge all errors in France", "ack everything about alerts of acme"])(
  "some of the alerts are not all of them: %s",
  (sent) => {
    expect(parse(sent, { distance })).toMatchObject({ ok: false, problem: expect.stringContaining("takes no filter") });
  },
);

describeCommands("how a list is shown, in words", [
  ["top 20 errors by name", `${ERRORS} max=20 sort=name`],
  ["errors, 25 per page", `${ERRORS} max=25`],
  ["errors newest first", `${ERRORS} sort=-changed`],
  ["all customers alphabetically", "customers sort=name"],
  ["customers beginning with blue", "customers blue*"],
  ["customers whose name starts with blue", "customers name blue*"],
]);

describeCommands("one customer, as people ask after it", [
  ["how is Blue River Foods today?", 'customer "Blue River Foods"'],
  ["Is Blue River Foods fixed now?", 'customer "Blue River Foods"'],
  ["what's up with Blue River", 'customer "Blue River"'],
  ["any issues with Blue River?", 'customer "Blue River"'],
  ["what's wrong with calling in Spain", "customers package.status=error package=webex_calling country=ES"],
  ["tell me more about Blue River", 'customer "Blue River"'],
  ["since when is Blue River broken?", 'history "Blue River"'],
  ["people at Blue River Foods", 'subscribers "Blue River Foods"'],
  ["who is using Meetings at Blue River?", 'subscribers "Blue River"'],
  ["how many users does Blue River have", 'subscribers "Blue River"'],
  ["look up ada@blueriver.example", "subscribers email=ada@blueriver.example"],
  ["ada@blueriver.example", "subscribers email=ada@blueriver.example"],
  ["customer ada@blueriver.example", "subscribers email=ada@blueriver.example"],
  ["ping me once Blue River is back", 'follow "Blue River"'],
  ["open the third row", "customer 3"],
]);

describeCommands("codes, numbers and what happened", [
  ["what is the meaning of 2561", "code 2561"],
  ["how do I fix error 2561", "code 2561"],
  ["was bedeutet 2561?", "code 2561"],
  ["que signifie 2561", "code 2561"],
  ["which error codes are most frequent", "code"],
  ["top error codes", "code"],
  ["did it get any better this week", "trend"],
  ["how have errors developed over the last month", "trend"],
  ["what happened since yesterday?", "changes since=2d"],
  ["was hat sich in den letzten 2 Stunden geändert", "changes since=2h"],
  ["what did I miss", "handover"],
  ["bring me up to speed", "handover"],
  ["excel of the errors in Spain", "export status=error,provisioned_with_errors country=ES"],
  ["errors in Spain as a csv file", "export status=error,provisioned_with_errors country=ES"],
]);

describeCommands("alerts, acknowledging and muting, as people say them", [
  ["which alerts were closed in the last 2 hours", "alerts over since=2h"],
  ["alerts of all spaces", "alerts all"],
  ["every alert, not just ours", "alerts all"],
  ["who took alert 130", "alert 130"],
  ["I've got this one", "ack"],
  ["I'm looking into it", "ack"],
  ["I'll take 130", "ack 130"],
  ["assign 130 to me", "ack 130"],
  ["sorry, wrong one, take back ack 130", "unack 130"],
  ["cancel the acknowledgement of 130", "unack 130"],
  ["is anything muted right now?", "mutes"],
  ["end mute 3", "unmute 3"],
  ["shut up for an hour", "mute for=1h"],
  [
    "stop alerting us about calling for 2h because carrier work",
    'mute package=webex_calling for=2h because="carrier work"',
  ],
]);

describeCommands("what the space is told, and by the clock", [
  ["what do we watch?", "watches"],
  ["what is this space subscribed to", "watches"],
  ["let us know here when calling breaks in Spain", "watch package=webex_calling country=ES"],
  ["notify us when something fails in Spain", "watch country=ES"],
  ["keep an eye on Blue River", "watch Blue River"],
  ["no longer send the daily digest", "digest off"],
  ["turn off the daily report", "digest off"],
  ["daily summary at 8 Madrid time", "digest daily 08:00 Europe/Madrid"],
  ["post a report every day at 18:30", "digest daily 18:30"],
  ["our time zone is Lisbon", "timezone Europe/Lisbon"],
]);

describeCommands("the bot itself", [
  ["are you still there?", "status"],
  ["is the bot down", "status"],
  ["is everything ok?", "status"],
  ["is the API reachable", "status"],
  ["have we missed anything?", "verify"],
  ["did you forget any alert", "verify"],
  ["are any messages stuck?", "outbox"],
  ["what could not be delivered", "outbox"],
  ["send a test alert", "drill"],
  ["do alerts work?", "drill"],
  ["which sub-partners do we have?", "subpartners"],
  ["bind this space to Blue River", 'use subpartner="Blue River"'],
  ["what did Ada do today", "audit who=Ada"],
  ["how can I mute alerts", 'help "mute"'],
  ["what is a drill?", 'help "drill"'],
  ["thanks a lot!", "thanks"],
  ["great job", "thanks"],
]);

describeCommands("by the clock of the space", [
  ["errors since 21:30", `${ERRORS} since="21:30"`],
  ["what broke since 6 am", 'customers status=error since="06:00"'],
  ["errors since yesterday evening", `${ERRORS} since="yesterday 18:00"`],
  ["fehler seit dienstag", `${ERRORS} since=tuesday`],
  ["what changed after 14:00", 'changes since="14:00"'],
  ["handover since Sunday 22:00", 'handover since="sunday 22:00"'],
  ["which alerts have recovered since midnight", 'alerts over since="00:00"'],
  ["mute meetings until 17:00, planned work", 'mute package=webex_meetings until="17:00" because="planned work"'],
  ["mute 130 until friday morning because known", 'mute alert=130 until="friday 08:00" because="known"'],
  ["mute acme for 2h - carrier work", 'mute acme for=2h because="carrier work"'],
  ["mute acme 2h due to carrier work", 'mute acme for=2h because="carrier work"'],
  ["ack 12,13 for 3 hours waiting for the carrier", 'ack 12,13 for=3h note="waiting for the carrier"'],
  ["ack 12 until tomorrow 9:00", 'ack 12 until="tomorrow 09:00"'],
  ["ack 12 on it until 9:00", 'ack 12 note="on it until 9:00"'],
  ["silence all until 18:00 because x", 'mute all until="18:00" because="x"'],
]);

describeCommands("other questions", [
  ["what products does Blue River have", 'customer "Blue River"'],
  ["why has Blue River failed?", 'customer "Blue River"'],
  ["what happened with Blue River last week", 'history "Blue River"'],
  ["which updates are stuck in provisioning", "customers updates status=provisioning"],
  ["customers stuck in deleting", "customers status=deleting"],
  ["customers sorted by city descending", "customers sort=-city"],
  ["errors by code", "summary status=error,provisioned_with_errors"],
  ["totals per package", "summary"],
  ["was ist gestern passiert?", "changes since=2d"],
  ["¿qué cambios hay hoy?", "changes"],
  ["offene Alarme", "alerts"],
  ["which customers are we following", "unfollow"],
  ["tell me when they are back", "follow"],
  ["show only Blue River here", 'use subpartner="Blue River"'],
  ["try again to deliver the messages", "outbox now"],
  ["is it true that everything is ok", "verify"],
  ["guten Tag", "help"],
  ["Was bedeutet Fehler 2561?", "code 2561"],
  ["what is 2561?", "code 2561"],
  ["Kunden mit Problemen in Wien", `${ERRORS} Wien`],
  ["what is a handover?", 'help "handover"'],
  ["any update on Blue River?", 'customer "Blue River"'],
  ["customers with suite but not calling", "customers package=webex_suite package!=webex_calling"],
  ["this room is for Blue River only", 'use subpartner="Blue River"'],
  ["vielen Dank!", "thanks"],
  ["customers with warnings", "not understood: A list cannot be filtered by warnings."],
]);

describeCommands("names that hold such words are searched for", [
  ["Working Solutions", "customers Working Solutions"],
  ["Users First Ltd", 'customers Users "First" Ltd'],
  ["Muted Records", "customers Muted Records"],
  ["Silence Until Dawn", 'customers "Silence" "Until" Dawn'],
  ["After Eight Mints", 'customers "After" Eight Mints'],
  ["Early Warning Systems", 'customers Early "Warning" Systems'],
  ["City Bank", 'customers "City" Bank'],
  ["State Farm", 'customers "State" Farm'],
  ["Texas Instruments", 'customers "Texas" Instruments'],
  ["Texas", 'customers "Texas"'],
  ["German Pellets", 'customers "German" Pellets'],
  ["American Express", 'customers "American" Express'],
  ["Double Check Security", 'customers Double "Check" Security'],
  ["Compare the Market", "customers Compare Market"],
  ["Improving Lives", "customers Improving Lives"],
  ["Test Alerting Ltd", "customers Test Alerting Ltd"],
  ["Lock Box Ltd", "customers Lock Box Ltd"],
  ["Release Records", "customers Release Records"],
  ["Watching Brief Ltd", "customers Watching Brief Ltd"],
  ["Prime Time", "customers Prime Time"],
  ["Development Bank", "customers Development Bank"],
  ["Second Cup", "customers Second Cup"],
  ["Up With People", "customers Up People"],
  ["Share Data Ltd", "customers Share Data Ltd"],
  ["Chart Industries", "customers Chart Industries"],
  ["New Watch Company", 'customers "New" "Watch" Company'],
  ["Top 10 Travel", 'customers "Top" 10 Travel'],
  ["Postal Union", 'customers "Postal" Union'],
]);

test.each([
  "can guests see customer data here?",
  "are guests allowed in this space",
  "share customer data with guests",
  "are they really gone?",
  "are all customers really removed",
  "was that removal right?",
])("a question opens no space to guests and confirms no removal: %s", (sent) => {
  const parsed = parse(sent, { distance });
  expect(parsed.ok && ["allow", "confirm"].includes(parsed.command.name)).toBe(false);
});

describeCommands("questions of people who did ten tasks", [
  ["92105 in Portugal", "customers code=92105 country=PT"],
  ["92105 portugal excel", "export code=92105 country=PT"],
  ["customers in Italy as a file", "export country=IT"],
  ["as excel please", "export"],
  ["who is affected by 92105", "customers affected code=92105"],
  ["is meetings broken for everyone?", "customers package=webex_meetings package.status=error"],
  ["is calling down for anyone?", "customers package.status=error package=webex_calling"],
  ["any new problems since yesterday", `${ERRORS} since=2d`],
  ["show me 40 customers", "customers max=40"],
  ["I'm on this, back at lunch", 'ack note="back at lunch"'],
  ["back in an hour", 'customers "back" hour'],
  ["what does the error mean and who fixes it", "code"],
  ["is everything that is failing reported here?", "verify"],
  ["silver lake dental", "customers silver lake dental"],
]);

test("words behind the duration of a mute are offered as its reason, and none that may be its filter", () => {
  const offered = (text: string) => {
    const result = parse(text, { distance });
    return result.ok ? undefined : result.suggestion;
  };
  expect(offered("mute fjord textiles for=24h planned work")).toBe('mute fjord textiles for=1d because="planned work"');
  expect(offered("mute acme 2h carrier outage")).toBe('mute acme for=2h because="carrier outage"');
  expect(offered("mute 2h acme")).toBe('mute acme for=2h because="maintenance"');
  expect(offered("mute acme 2h country=DE")).toBe('mute acme country=DE for=2h because="maintenance"');
});
