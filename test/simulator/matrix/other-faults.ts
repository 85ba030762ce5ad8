/** A fault that is none of one HTTP call, and the test that holds what the bot does about it. */
export interface OtherFault {
  readonly fault: string;
  readonly effect: string;
  /** The file of the test, and its name as the file has it. */
  readonly file: string;
  readonly test: string;
}

const FAULTS_BY_FILE: Readonly<Record<string, readonly (readonly [fault: string, effect: string, test: string])[]>> = {
  "test/journeys/intake.test.ts": [
    [
      "a webhook comes twice",
      "the second one is answered 200 and does nothing",
      "a duplicate delivery is answered 200 and does nothing",
    ],
    [
      "a webhook is not signed, or signed wrongly",
      "it is answered 401",
      "an unsigned, wrongly signed or re-serialised body is answered 401",
    ],
    ["a webhook is no JSON, or no event", "it is answered 400", "a body that is no JSON, or no event, is answered 400"],
  ],
  "test/bot/handle-event.test.ts": [
    [
      "a webhook is replayed after days",
      "it is not answered",
      "a message that is older than the memory of the inbox is not answered: its webhook may be a replay",
    ],
  ],
  "test/store/claims.test.ts": [
    [
      "webhooks come in another order, or many at once",
      "each room is answered in the order of arrival, each event once",
      "several claimers answer every event once, each room in order and one at a time",
    ],
  ],
  "test/journeys/crash.test.ts": [
    [
      "webhooks come twice and in random order, and the process is killed",
      "every question is answered",
      "signed deliveries, each sent twice, in random order, with a kill -9 in the middle: all answered",
    ],
  ],
  "test/server.test.ts": [
    [
      "a stranger sends one byte after the other",
      "the process can still stop",
      "a stranger who sends one byte after the other does not keep the server from stopping",
    ],
  ],
  "test/journeys/bot-status-alerts.test.ts": [
    [
      "Webex switches a webhook off",
      "it is switched on again; if that fails twice, the ops room is told",
      "ALERTS 33: webhooks that were switched off are switched on again; when that fails twice the ops room is notified",
    ],
  ],
  "test/http.test.ts": [
    [
      "an answer never ends: no connection, no headers, or a body without end",
      "the call ends with a timeout",
      "a server that never comes to an end (%s) is a timeout",
    ],
    ["an answer is too large", "it is not read", "a body beyond the limit is not read"],
    [
      "Retry-After says hours, years or nonsense",
      "it is waited for 5 minutes at most, or not at all",
      "ALERTS 7, 29: Retry-After %s is returned as 5 minutes, and not waited for",
    ],
  ],
  "test/webex/files.test.ts": [
    [
      "the upload of a file breaks off",
      "it is not sent twice, as the first may have arrived",
      "an upload that broke off halfway is not sent twice: the first may have arrived",
    ],
  ],
  "test/bot/reply-delivery.test.ts": [
    [
      "Webex refuses a file",
      "the space is told, and nothing is sent twice",
      "when Webex refuses the file, the space is notified, and nothing is sent twice",
    ],
  ],
  "test/monitor/pages.test.ts": [
    [
      "a list of customers never ends: it repeats a page, or pages in turn",
      "the sweep fails, and the next one begins anew",
      "ALERTS 7: a list that %s ends with a failure",
    ],
    [
      "customers move while the list is read",
      "the list is read to its end",
      "ALERTS 4: customers that moved while the list was read do not end it",
    ],
  ],
  "test/monitor/sweep.test.ts": [
    [
      "a list of customers never ends: it brings ever new ones",
      "the sweep fails after 200,000; the next list with an end is believed, and what the other one brought is looked up and removed",
      "ALERTS 7: a list that goes on with new customers ends, as often as it comes, and the next sane list is believed",
    ],
    [
      "the list of customers is empty, or a part of itself",
      "it is not believed, nobody is removed, and the spaces are told",
      "ALERTS 6: of 250 customers %i are left: the sweep is suspect, and nothing is removed",
    ],
    [
      "a row of a list cannot be parsed, or a page is none",
      "the row is skipped; the page fails the sweep, and what was read stays",
      "ALERTS 7: a malformed page fails the sweep as a whole: what was read stays, and nothing is removed",
    ],
  ],
  "test/wholesale/client.test.ts": [
    [
      "a link to the next page drops parameters",
      "the next page is asked for with the sub-partner all the same",
      "PRODUCT 5: a bound space’s next page is asked for with its sub-partner, whatever the link keeps",
    ],
    [
      "a page comes too slowly (504)",
      "it is asked for again with half of its rows",
      "a 504 is asked again with half as many rows until the page is full",
    ],
  ],
  "test/webex/directory.test.ts": [
    [
      "a list of members is empty, or without the bot or the asker",
      "it is no member list, so nothing is shown",
      "a list %s is no member list, and is not kept",
    ],
  ],
  "test/health.test.ts": [
    [
      "the disk is full, or the database cannot be written",
      "webhooks are answered 500 so that Webex delivers them again; `/readyz` says 503",
      "ALERTS 32: only a database that cannot be written stops the traffic; a write is tried every 10 s",
    ],
    [
      "the file of the database is deleted, overwritten or replaced",
      "`/readyz` says 503",
      "ALERTS 32: a file database that was %s cannot be written",
    ],
    [
      "the database does not answer",
      "`/readyz` says so within 2 s",
      "a database that does not answer is told within 2 s, and nothing else waits for it",
    ],
  ],
  "test/store/failures.test.ts": [
    [
      "another program holds the lock of the file",
      "a write waits, and the process goes on",
      "while another program holds the lock of the file, a write waits and the process goes on",
    ],
    [
      "PostgreSQL ends a connection",
      "another one is opened",
      "a connection that the server ends is replaced, in use or idle, and the idle one is logged",
    ],
  ],
  "test/store/data-dir-lock.test.ts": [
    ["two bots have the same folder", "the second one does not start", "a folder has one bot at a time"],
  ],
  "test/alerting/outbox.postgres.test.ts": [
    [
      "a deadlock of the database",
      "the transaction is repeated",
      "a transaction that the database ends because of a deadlock is repeated",
    ],
  ],
  "test/store/clock-skew.test.ts": [
    [
      "the clock of an instance is wrong",
      "`/readyz` and `status` say so",
      "PRODUCT 6: a clock that is %i ms ahead degrades the bot, and says what to do",
    ],
  ],
  "test/wholesale/shared-token.test.ts": [
    [
      "instances share a refresh token that is good for one use",
      "one of them refreshes, and no answer is a refusal",
      "instances share a refresh token that is good for one use: one refreshes, and no answer is a refusal",
    ],
  ],
  "test/wholesale/token.test.ts": [
    ["the answer with a new token is lost", "the refresh is repeated", "a refresh whose answer was lost is repeated"],
    [
      "a token is renewed and cannot be saved",
      "it is not used before, and not lost",
      "the rotated token is saved before it is used, and not lost when saving fails",
    ],
  ],
  "test/journeys/alerts-outage.test.ts": [
    [
      "the Wholesale token is refused for good",
      "the spaces are told once, and questions are answered from the copy",
      "ALERTS 31: a token that is refused again after 30 s is notified once",
    ],
  ],
  "test/monitor/delivery-failure.test.ts": [
    [
      "the bot’s token is refused for good",
      "nothing is sent until it is accepted, which is asked each minute; nothing is lost",
      "ALERTS 29: while the token is refused nothing is sent, and Webex is asked about it once a minute",
    ],
  ],
  "test/journeys/alert-crash.test.ts": [
    [
      "the process is killed while packages fail and recover",
      "every space is told; a repeat is marked",
      "times kill -9 while packages fail and recover: every space is notified, and no repeat lacks its mark",
    ],
    [
      "two instances, of which one is killed at any time",
      "the same, and one sweep at a time",
      "times kill -9 of one or the other: the same, and one sweep at a time",
    ],
  ],
  "test/journeys/sweep-crash.test.ts": [
    [
      "the process is killed during sweeps",
      "the copy equals the API, and the history is complete",
      "times kill -9 during sweeps of a changing world: the snapshot equals the world, and the history is complete",
    ],
  ],
  "test/monitor/lease.test.ts": [
    [
      "two instances work on the same thing",
      "the lease of the one is not ended by the other",
      "a work that ends while another one of its process acquires the lease does not release it",
    ],
  ],
  "test/store/store.test.ts": [
    [
      "instances start together on an empty database",
      "all of them come up",
      "instances that start together on an empty database all come up",
    ],
  ],
};

export const OTHER_FAULTS: readonly OtherFault[] = Object.entries(FAULTS_BY_FILE).flatMap(([file, faults]) =>
  faults.map(([fault, effect, test]) => ({ fault, effect, file, test })),
);
