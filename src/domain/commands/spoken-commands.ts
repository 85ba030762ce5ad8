import { commandFor, compilePattern, indexPatterns } from "./spoken-patterns.ts";
import type { Distance } from "./suggest.ts";
import type { Token } from "./tokenize.ts";
import { OVER_WORDS } from "./vocabulary.ts";

/** The command that a message in the sender's own words means, as text; undefined for any other message. */
export function spokenCommand(tokens: readonly Token[], distance: Distance): string | undefined {
  return commandFor(PATTERNS, tokens, distance);
}

/** True if a search word may be read as the kind of file that a list is wanted as: "customers excel". */
export function isFileWord(word: string): boolean {
  return FILE.split("|").includes(word);
}

const OVER = [...OVER_WORDS].join("|");
const END = "stop|cancel|end|remove|delete|undo|lift|drop|clear|disable|revoke|quit";
const I = "i|ill|im|ive|well|were|weve";
const HOW = "how|where do|can|does|to|should|would|could|i";
const DEFINED = "what a|an|is|does|are";
const WELL =
  "ok|okay|fine|healthy|good|better|fixed|back|done|recovered|resolved|provisioned|ready|working|up|solved|over";
const ILL = "down|broken|failing|failed|error|stuck";
const FILE = "excel|csv|spreadsheet|xls|xlsx";
const REPORT = "summary|digest|report|overview|handover";
const DAILY = "daily|every|each";
const WHEN = "when|whenever|if|once";
const PARTNERS = "subpartners|sub-partners|partners|resellers";
const PARTNER = "subpartner|sub-partner|partner|reseller";
const MAIL = "messages|message|notifications|notification|deliveries";
const UNSENT = "undelivered|stuck|waiting|queued|lost|unsent|undeliverable|failed|pending";

/**
 * Commands, each in front of its colon, and the patterns of the messages that mean them (`SpokenPattern`), separated by semicolons.
 * The first pattern that matches is taken, so a narrower one stands first. A word that may be the name of a customer is no pattern by
 * itself, and no pattern ends in any words where its own words may begin a name. What lets guests read and what removes customers is
 * done by its command alone: a question about it may have the same words.
 */
const TABLE = `
help: morning|afternoon|evening|moin|servus|hola|ola|bonjour|salut; real|actual? person|human|robot|machine|ai *; good dias|days|tardes|noches|dia|tarde|noite|tag|abend|tomorrow; how work|works|use|start; how this|it work; good morning|evening|afternoon|day; what you do|know|understand|offer
help: what|who are you; who can|may use|ask|see *; what commands *; all|available commands; help please|me|out; need|want help; you help me *
help: what can|could|should i|you|we|one do|ask|say|type? here?
no: wrong|mistaken chat|space|room|window|channel|thread|person; never mind; forget it|that; stop; leave it; undo; undo that|it; not now|yet; dont; dont do it|that
yes: go ahead; do it; please do; sounds good|right; of course; yes|yep|sure do|go|please ahead|it?
thanks: thanks|thank|ty a|so? lot|much|very|all|again much|help|indeed?; much appreciated; good|great|nice|excellent job|work|bot
thanks: thanks|thank|thx|ty|cheers|danke|merci|gracias|obrigado that|thats|mate|man|guys|all|mille|perfect *; lol|haha|hehe|lmao ok|okay?; got it; great|perfect|nice|cool|awesome|super|excellent|brilliant thanks|thank|thx; ok|okay|great cool|great|perfect|nice|super; well done; bye; good night|bye

page <number>: page number? <number>; go|jump|turn page number? <number>
next: keep going; continue; load|show? more results|rows|customers; following|another page; more of them|it|those
prev: page back; back one page; one page back; last page
back: go|get back to? list|results|customers|page|one?; back to list|results|customers
refresh: refresh|reload|update this|that|it|list|card|view|page card|list|page|view?; ask|check again
customer 1: open|show|details|row row|number|line? first|1st|one one|row|customer|result?; first one|row|result
customer 2: open|show|details|row row|number|line? second|2nd|two one|row|customer|result?; second one|row|result
customer 3: open|show|details|row row|number|line? third|3rd|three one|row|customer|result?; third one|row|result
customer 4: open|show|details|row row|number|line? fourth|4th|four one|row|customer|result?; fourth one|row|result
customer 5: open|show|details|row row|number|line? fifth|5th|five one|row|customer|result?; fifth one|row|result
customer <number>: open|details|expand|click|view row|line|number|no|nr|entry|result <number>; details|more of|on|for|about <number>
customer …: external id …
find: open|show? search|filter form|mask|dialog; filter customers|list
customers …: looking|searching|look for …; know|see if|whether …

subscribers <address>: <address>; customer|user|subscriber|status|person|details|problem|wrong|error|errors|issues of|for|with|at? <address>
subscribers <address>: what|whats|why|how|problem|trouble|user|person up|with|about|wrong|for? <address> *; look up|at <address>; lookup|open|errors? <address>; search|find user|subscriber|person <address>
subscribers <address>: <address> ok|okay|active|provisioned|failing|broken|working|work|there; what|which packages|licences|licenses * <address> has|have|got?
subscribers <name>: which|what people|users|persons at|in|of|from <name> have|has|use|uses *
subscribers <name>: who uses|use|using|has * at|in|of <name>; users|people|persons|employees|staff|subscribers of|at|in|from|for <name>
subscribers <name>: who works|is at|for <name>; how? many? users|people|subscribers|seats <name> has|have; who are users|people|subscribers of|at <name>

code <number>: what error|code? code? <number> mean|means|stand|about; error|code? <number> meaning|mean|means; what error <number>
customers code=<number>: who|which|customers|many has|have|got|gets|with|see|sees <number>
code <number>: what|whats <number>; mean|means|meaning|explain|explanation of|for? error|errors|code? code? <number> mean|means?
code <number>: <number> what|how should|can|do? do|fix|solve|mean|means|help; <number> meaning|explained|help
code <number>: how|what fix|solve|resolve|handle|repair|do|cure about|with|against|on|for? error|code? code? <number>
code <number>: why|cause|causes|reason|reasons of|for|behind? error|code? code? <number>; what causes|caused error|code? code? <number>
code <number>: whose turn|fault|problem * error|code? <number>; who fix|fixes|fixed error|code? <number>; what do about|with|for error|code? <number>
code: what|whats this|that|the|its error|code code? mean|means|meaning|stand|about|say *; what does|do it|this mean *; meaning of this|that|the code|error
code: most? common|commonest|frequent|top|usual error|failure? codes; most common|frequent errors|problems; error codes; top errors
code: what|which error? codes most? common|frequent|often|usual|we|you|i|there? have|see|know|most? common|frequent|often?; list|all error? codes; commonest|common codes|errors

errors …: … ${ILL} for|at|with anyone|anybody|someone|somebody|customers *
errors …: any? new errors|problems|failures|issues …?
customers …: how many use|uses|using|run|runs …
errors max=<number> sort=-changed: newest|latest|last|recent <number> errors|problems|failures|issues newest|latest|first|top? on? top|first?
customers max=<number> sort=-changed: newest|latest|last|recent <number> customers|changes
customers max=<number>: <number> customers|rows|results per? page?
trend: get|got|become|became any? better|worse *; things|errors|customers? getting|becoming|going better|worse or? better|worse? *; better|worse or better|worse *; is|are|things|we|it improving *
trend: how things|errors|customers|numbers|it? look|looked|develop|developed|evolve|evolved|changed over|during|in? last|past|this *
trend: development|evolution of|over errors|customers|problems|statuses|month|last *; more|fewer|less errors|problems than *
trend: show|see|get chart|graph; chart|graph|curve of|for|over|with errors|customers|problems|statuses|month|last|past|this|30 *; last|past|this|30 days|month? chart|graph
trend: trend|trends of|for|in? errors|problems|statuses|numbers?; month|30 days? trend|graph|chart|development
summary: how are|is? things|everything|it going|look|looking|doing; big picture; situation now|today
summary: numbers|figures|split per|by status|package|packages|code|codes; total|totals|count|counts by|per status|package|packages|code|codes; breakdown by|per? status|package|code
summary …: count|total|tally … by|per status|package|packages|code|codes; summary|overview? … by|per package|packages|code|codes
summary …: count|counts|totals|total|breakdown of|for|by …

handover: happened|happen|changed|went overnight; what happened|happen|changed|did overnight; what i? miss|missed today|tonight|overnight|yesterday?; catch me up *
handover: bring me up *; brief|update me|us; shift|hand change|handover|over notes|report?; what next|new shift|colleague *
handover: what happened on|in|during|since my|our|this|the|last? shift; shift|hand report|summary|notes
handover since …: shift|hand report|handover|summary|over since|for|of|last …; what i? miss|missed since|last …
verify: everything|all|anything thats|whats? ${ILL}|wrong|in * known|told|reported|alerted|shown here|us *
verify: miss|missed|missing|forget|forgot|forgotten any? alert|alerts|anything|something|error|errors *; double|cross check; double-check
verify: double|cross check against|with|if|whether|everything|all|alerts|api|webex|that *; check|compare|verify alerts|everything|all? against|with api|webex *
verify: alerts|list|everything complete|correct|sync|up-to-date|reliable; are we|alerts complete|correct|sync|up-to-date; told|heard of|about everything|all *
verify: did|have tell|told|report|reported|mention|mentioned us|me? everything|all|anything; true|sure|certain|really nothing|everything|all wrong|ok|fine|good|reported|told|broken; trust silence|you|alerts *; everything|all told|reported|alerted; really nothing|no errors? wrong|else?; sure nothing|no|that|all *
changes since …: since|last|past|during|within … happened|changed|happen; happened|changed|changes|change between? since …
changes since today: today happened|changed|happen
changes since yesterday: yesterday happened|changed|happen; happened yesterday
changes: what|whats de|hay? de? new; anything new; any news|update|updates|changes; news; anything|something happened|happen|changed|change; whats|what up
changes: whats|what going on; latest news|changes|updates
history: happened|happen before|already|earlier|often *; how often happened|happen *
history <name>: when did|has? <name> fail|failed|break|broken|failing|down; how long has|is|are|been? <name> ${ILL}; since when is|has? <name> ${ILL}
history <name>: history of? <name> today|yesterday|recently|lately; history of? <name> last|past|this week|month|night|year; timeline of|for <name>; what happened|changed with|to|at|for|on <name> today|yesterday|recently|lately|overnight; what happened|changed with|to|at|for|on <name> last|past|this week|month|night; what happened|changed with|to|at|for|on <name>

unfollow: which|what|who customers? i|we follow|following
follow: tell|notify|inform|alert|ping|message|know me|us? when|once|if|soon as? it|its|this|that|they|theyre ${WELL} up|again?
follow <name>: tell|notify|inform|alert|warn|ping|message|know me|us|here? when|once|if|soon as? <name> ${WELL} up|again?; wait for <name> ${WELL}
follow <name>: keep me posted|updated|informed about|on|of <name>; update me on|about <name>; follow up on <name>
unfollow …: dont|not follow … longer|anymore|more; dont follow …; no longer follow …; ${END} following|follow …

alerts all: alerts|alert open|active? in|of|from|across all|every|other spaces|rooms; all|every|any open|active? alerts|alert not only|just|merely ours|us|mine|here|space|this|own|those *; alerts of|from|in all|every|other spaces|rooms
alerts over …?: which|what|who alerts? ${OVER} …?; alerts ${OVER} …?; ${OVER} alerts …?; anything ${OVER} …?
alerts all …?: all alerts …?; list all open? alerts …?; all open alerts …?
alerts: what|whats open; what|which alerts still? open|unacknowledged|unacked|active|pending; unacknowledged|unacked|active|pending|outstanding|current alerts
alerts: what|whats needs attention|acknowledging; what|whats still open; nobody|no took|acknowledged|acked alerts?
alerts …?: list open? alerts …?; open alerts …?
alert <number>: story|details|detail|more|info|information|history|happened|about|open|background|status of|on|about|with|to|for? alert <number>
alert: who|whos is|has? working|looking|handling|doing|took|taken|has|got|owns|on on|into|at|after? this|that|it one?
alert: is|has? anyone|anybody|somebody|someone working|looking|handling|taken|taking|took|got|on on|into|at|after? this|that|it one? up|yet|already?
alert <number>: alert <number> about|details|story; who acked|acknowledged|took alert? <number>; who has|handles|on alert <number>; what happened alert <number>

unack …: ${END} ack|acknowledgement|acknowledgment|acknowledge|acking of|for|on? …; take ack|acknowledgement back? …; take back ack|acknowledgement …
unack <number>: release|unassign alert? <number>; i? cant|cannot|wont|not take|handle|do alert? <number> *; take back alert? <number>; take|give alert? <number> back
unack: someone|somebody else has|have|got|takes|took|handles|does|doing|owns|on? it|this|that? *; ${END} ack|acknowledgement|acknowledgment; take it|that back; i? cant|cannot|wont take|handle|do it|this|that *
ack <number> …: ${I}|we working|looking|on on|into|at? alert? <number> …
ack <number>: acked|acknowledged alert? <number>; got|taking alert|number <number>; assign alert? <number> to? me; alert? <number> mine
ack <number>: ${I}|we take|taking|got|have|handle|working|looking|look|investigating on|into|at|after|care? of? alert|number? <number>
ack: ${I} take|taking|got|have|handle|handling|own|grab|look|looking|working|investigating|check|care care|on|into|at|after? of? it|this|that|one|them|those|these one?
ack …: ${I}|we on it|this|that …; on it …
ack: ${I} on it|this|that one?; on it; leave|give it|this|that to me; this|that|it one? mine; looking|working into|on it|this|that; assign it|this|that to? me

mutes: muted|silenced|snoozed; anything|something|everything|what|which|who muted|silenced|snoozed *; active|current|open mutes|silences; mute list
mutes: list|all all? mutes
unmute …: ${END} muting|mute|silence|snooze number|no? …; unsnooze …
unmute: ${END} muting|mute|silence; turn|switch alerts|notifications back on; resume|restart alerts|alerting|notifications; you talk|speak again
mute …: quiet|silent|shut about|on|regarding|for|with …
mute for …: shut|quiet|silent up|now? for …
mute until …: shut|quiet|silent up|now? until|till …
mute …: shut up <number> …
mute …: dont|stop|no|pause|suppress|hold alert|alerts|alerting|notifying|notify|notifications|bother|disturb|pinging|ping|telling|tell me|us|anymore|more? about|for|from|of|on? …
mute: stop|pause|no alerts|alerting|notifications; shut up

watches all …?: watches|watching of? all|every|other spaces …?; who watches|watching what; which|what spaces watch|watching|watched *
watches: watching|watched|subscribed; what|which space|room? watching|watched|subscribed *; watching|watched|subscribed to? here|space|room; list|all all? watches
watches: what|which told|notified|alerted|informed|warned of|about|for; what we|i|space|us watch here?; what|which alerts we|i|space get|receive|see here?
unwatch …: ${END} watching|watch|subscription number|no? …; no longer watch …
unwatch: ${END} watching|watch|subscription; dont watch anymore|longer
watch …: tell|notify|inform|alert|alerts|warn|ping|message|know|shout me|us|here|this|space|room|everyone * ${WHEN} …
watch …: notify|inform|alert|warn ${WHEN} …; keep eye on …; start watching|monitoring …; set up watch|alert|alerts|alerting for|on|of|about …
watch …: create|add|make|set watch …; new|need|want watch for|on|of|about …; alert|notify|inform|warn|message us|me|here|space about|of|on|for …
watch …: keep us|space informed|posted|updated|told about|of|on …; want|like told|notified|alerted|informed about|of|when|if|on …

digest off: no|stop|cancel|end|disable|remove|delete|dont|without more|longer? sending|send|from|want|need? daily|morning|evening? digest|digests|${REPORT} here|anymore|longer?
digest off: turn|switch off daily|morning? digest|report|summary; turn|switch daily|morning? digest|report|summary off; daily|morning digest|report|summary off
digest …: ${REPORT} ${DAILY} …; post|send|want|need|schedule|set|like|give us|me|here|up? daily|morning|short? ${REPORT} * ${DAILY} …
digest …: ${REPORT} at … ${DAILY} day|morning|evening|weekday?; ${DAILY} day|morning|evening? at|on|around? … send|post|want|need|give? us|me? ${REPORT}
digest …: post|send|want|need|schedule|set|like daily|morning|up? ${REPORT} at|for …; ${DAILY}|morning|evening digest|summary|report at|for …; change|move|set|switch|make daily? digest|report to|at|for? …
digest: when|which time? digest|report comes|come|sent|next|time?
timezone: time zone; what time zone? here|now|it|this? use?; what|which timezone|clock here|now|it|this?; which time zone *
timezone …: time zone …; set|change|switch our|my|this|space? timezone|clock|time zone? to|is|as …; set|change timezone|clock …; set time zone …
timezone …: use|set|make our|my|this|space? time zone to|is|as? …; our|my|this|space timezone|clock|time zone? is|to|as …; use … time zone|clock?
timezone …: show|display times in …; we|this|space in|on|live … time zone?; use … timezone

status: you|bot still? working|alive|up|online|running|awake|there|ok|okay|healthy|down|broken|listening|sick|fine|well; all ok|good|fine|well
status: everything ok|okay|fine|good|working|running|alright|normal; how you|bot doing|feeling|today?; bot status|health; health check
status: status|health|state of? bot|you|system|connection; api|webex|wholesale|cisco api|connection? reachable|up|down|working|ok|available|online|broken|outage
status: any? webex|cisco outage|outages|maintenance|incident|incidents *; how old|fresh|current|recent data|information|copy|snapshot *
status: when last|did last|you? read|update|updated|sync|synced|reading|refresh|sweep|checked|data *; last sync|sweep|reading|update; is data up|fresh|current|old to? date?
outbox now: retry|resend|redeliver ${UNSENT}|all|those|them|it? ${MAIL}|outbox? now|again?; try again? send|sending|deliver|delivering|delivery ${MAIL}|them|it? again?; send|deliver ${UNSENT}|all|those? ${MAIL}|them|outbox now|again
outbox: all? ${MAIL}|everything|alerts|all get? delivered|sent|arrive|arrived|through|deliver|fail|${UNSENT}; ${MAIL}|alerts get|got|go|went|come|came|are through|out|lost|stuck
outbox: any? ${MAIL} not|never go|get|went|gone|got|come|came out|through|here?; ${UNSENT} ${MAIL}; what ${UNSENT} in|for|to *; delivery problems|errors|failures|status|queue; not delivered|sent; anything|something ${UNSENT}
drill: test|trial|practice|dummy|fake|sample|exercise alert|alerts|alarm|alerting|drill here?; fire drill; test|try if|that|whether|out? alerts|alerting|alarm here|work|works|working?
drill: send|trigger|make|fire|raise|simulate|do|run|start test|trial|dummy|fake|sample|practice alert|alarm|drill|message|error here?; simulate alert|alarm|error
drill: alerts|alerting|alarm|notifications work|works|working; run|start|do drill …?; run|start|do test
subpartners: sub partners; which|what|list|all ${PARTNERS} we|you|there|have|are?; list|all? sub partners; who our? ${PARTNERS}
use all: unbind|unlock|free|release|unrestrict this|space|room space|room? again|now?; all ${PARTNERS} again; stop using|use ${PARTNER}; remove binding|restriction
use …: show only … here; bind|restrict|limit|lock|tie|dedicate this|space|room space|room? to|for|only ${PARTNER}? …; switch|change|move to ${PARTNER} …; space|room belongs|only to|for …; space|room for … only
disallow space: block|forbid|deny|disallow|hide guests|externals|guest *; no customer? data here|in|for|with *; no|not|dont guests|allow guests|space|room? *
disallow space: ${END} showing|sharing|allowing customer? data|guests|space *; dont show|share customer? data *; disallow|block this space|room
audit command=mute,unmute since=30d: who muted|unmuted|silenced *
audit command=ack,unack since=30d: who acked|acknowledged *
audit command=watch,unwatch since=30d: who set|created|added|made|removed|deleted|changed|ended up? watch|watches|subscription *; who unwatched|watched *
audit who="<name>": what did|has <name> do|ask|asked|done|changed|change|use|used today|yesterday?; audit of|for|by <name>; commands by <name>
audit outcome=refused: who|what denied|refused|rejected *; refused|denied|rejected requests|commands|questions|people|access *
export audit since=…: export|download audit log|trail? last|past|this|since …
audit since=…: audit log|trail? last|past|this|since …
audit …?: who did|asked|used|changed|does|uses what|you|bot|something|anything|it|settings|last|most …?; audit log|trail|history|report …?
audit …?: activity|command|access log; log|list of commands|actions|questions|activity …?
status <name>: why is|are|has|did <name> ${ILL}|fail; what|which packages|products|services|licences|licenses has|have|does|do <name> has|have?; does|do <name> have|use *
status <name>: how <name> doing|going|looking|today|now; hows <name> doing|going|looking|today|now?; is|are|still <name> ${WELL} again|now?
status <name>: is|are <name> ${ILL} again|now|still?; wrong|matter|problem|problems|issue|issues with|at|on <name>; what|whats up|going|happening on? with|at <name>
status <name>: news|new|update|updates on|about|from|for <name>; story|deal|matter with <name>; what about|of|with <name>; whats with|about <name>; tell me more? about <name>; look at|into <name>; pull|bring up <name>
status <name>: information|info|details on|about|of|for <name>
forget <address>: forget|delete|remove|erase|purge|wipe|clear * <address> *; <address> left|leaves|gone|leaving *

export: as|in|into|to ${FILE} file?; ${FILE}
export …: need|want|get|send|make ${FILE}|file of|with|for? … boss|manager|management|colleague|colleagues|team|meeting|report
export …: … need|want|send|get|have it|this|them|that|these|those as|in ${FILE}|file
export …: … as|in|to ${FILE}|file file?; … ${FILE} file?
export: export|download|get|send|need|want|make all|it|this|that|list|everything|customers|them? as|to|in|into|for ${FILE}|file file?
export: ${FILE} file|list|export; export|download ${FILE}; export|download list|everything|them|it|this
export …: export|download|send|want|need|make|generate|create|put|save? … as|to|into ${FILE}|file file?; export|download|send|want|need|put|save? … in excel|csv|spreadsheet
export …: ${FILE} file|list|export|sheet? of|with …; file|download|export|spreadsheet of|with …

help digest: ${HOW} * digest|digests|daily|morning|report *; ${DEFINED} digest|digests do|for?
help handover: ${HOW} * handover|shift *; ${DEFINED} handover|handovers do|for?
help unwatch: ${HOW} * unwatch|unsubscribe *; ${HOW} * stop|end|remove|delete|cancel * watch|watching|alerts *
help watch: ${HOW} * watch|watching|watches|subscribe|notified|alerted|told|informed *; ${DEFINED} watch|watches|subscription do|for?
help watch: ${HOW} * get|receive|set|create|turn|switch|enable * alert|alerts|alarm|alarms|notifications *
help mute: ${HOW} * mute|muting|silence|unmute|snooze|quiet *; ${DEFINED} mute|mutes|muting do|for?
help ack: ${HOW} * ack|acknowledge|acknowledging|unack *; ${DEFINED} ack|acknowledgement|acknowledging do|mean|for?
help follow: ${HOW} * follow|following|unfollow *; ${DEFINED} follow|following do|for?
help export: ${HOW} * export|download|csv|excel|file *
help timezone: ${HOW} * timezone|clock *; ${HOW} * time zone *
help subscribers: ${HOW} * subscribers|users|people *
help use: ${HOW} * bind|${PARTNER}|${PARTNERS} *
help allow: ${HOW} * guests|guest|allow *
help drill: ${HOW} * drill|test *; ${DEFINED} drill|drills do|for?
help verify: ${HOW} * verify|check *; ${DEFINED} verify do|for?
help audit: ${HOW} * audit *; ${DEFINED} audit do|for?
help forget: ${HOW} * forget *
help trend: ${HOW} * trend|trends *
help history: ${HOW} * history *
help alerts: ${HOW} * alert|alerts *
help find: ${HOW} * find|search|look|filter|list|sort *
help: how|where do|can|should|would|could i|we|you|one *; need|want help with|on|about|using *
lookup …?: look up …?
`;

const PATTERNS = indexPatterns(
  TABLE.split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [command = "", patterns = ""] = line.split(/: (.*)/);
      return patterns.split("; ").map((pattern) => compilePattern(command, pattern));
    }),
);
