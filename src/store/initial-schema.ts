import { type CreateTableBuilder, type Kysely, type Migration, sql } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** Makes every table. `schema.ts` documents the columns; it describes the newest schema, and this file only the first one. */
export const initialSchema = (dialect: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    for (const [name, table] of Object.entries({ ...MESSAGING_TABLES, ...SNAPSHOT_TABLES, ...ALERTING_TABLES })) {
      await createTable(db, dialect, name, table);
    }
  },
});

interface TableDefinition {
  readonly columns: Columns;
  /** Columns of the primary key; absent where `autoIncrement` is it. */
  readonly primaryKey?: readonly string[];
  readonly indexes?: Readonly<Record<string, IndexDefinition>>;
}

/** The names of the columns, by type. */
interface Columns {
  /** The primary key, which counts up in the order of insertion. */
  readonly autoIncrement?: string;
  /** Refers to `customers.rowId`; the row is deleted with its customer. */
  readonly customer?: string;
  readonly text?: readonly string[];
  readonly nullableText?: readonly string[];
  readonly number?: readonly string[];
  readonly nullableNumber?: readonly string[];
  readonly counter?: string;
}

interface IndexDefinition {
  readonly columns: readonly string[];
  readonly unique?: boolean;
  /** A partial index holds only the rows that meet this condition. */
  readonly where?: readonly [column: string, operator: "=" | ">" | "is" | "is not", value: number | null];
}

const MESSAGING_TABLES: Readonly<Record<string, TableDefinition>> = {
  inbox: {
    columns: {
      autoIncrement: "id",
      text: ["idempotencyKey", "roomId", "resource", "event", "body"],
      nullableText: ["holder"],
      number: ["receivedAt", "dueAt", "attempts"],
      nullableNumber: ["leasedUntil", "processedAt"],
    },
    indexes: {
      inbox_by_idempotency_key: { columns: ["idempotencyKey"], unique: true },
      // Processed events stay for a day to detect duplicates. They are in no index that a claim reads.
      inbox_by_room: { columns: ["roomId", "id"], where: ["processedAt", "is", null] },
      inbox_by_due: { columns: ["dueAt", "id"], where: ["processedAt", "is", null] },
      inbox_one_per_room: { columns: ["roomId"], unique: true, where: ["holder", "is not", null] },
    },
  },
  cards: {
    columns: { text: ["messageId", "roomId", "kind", "senderId", "card"], number: ["shownAt"] },
    primaryKey: ["messageId"],
    indexes: {
      cards_by_room: { columns: ["roomId", "kind", "shownAt"] },
      cards_by_age: { columns: ["shownAt"] },
    },
  },
  people: { columns: { text: ["personId", "person"], number: ["readAt"] }, primaryKey: ["personId"] },
  roomMembers: { columns: { text: ["roomId", "members"], number: ["readAt"] }, primaryKey: ["roomId"] },
  allowedRooms: {
    columns: { text: ["roomId", "byPersonId"], number: ["allowed", "decidedAt"] },
    primaryKey: ["roomId"],
  },
  denials: { columns: { text: ["roomId", "senderId"], number: ["sentAt"] }, primaryKey: ["roomId", "senderId"] },
  tokens: {
    columns: { text: ["name", "refreshToken", "accessToken", "origin"], number: ["expiresAt", "savedAt"] },
    primaryKey: ["name"],
  },
};

const SNAPSHOT_TABLES: Readonly<Record<string, TableDefinition>> = {
  customers: {
    columns: {
      autoIncrement: "rowId",
      text: [
        ...["scope", "id", "orgId", "externalId", "externalIdKey", "status", "statusKey", "titleKey"],
        ...["countryKey", "stateKey", "cityKey", "zipKey", "searchText", "checksum"],
      ],
      nullableText: ["name"],
      number: ["nameReadAt", "firstSeenAt", "changedAt", "unhealthy", "hasProblems", "absentSweeps"],
    },
    indexes: {
      customers_by_id: { columns: ["scope", "id"], unique: true },
      // These two answer the most frequent queries without reading the table: the default order with what free words and
      // names search, and a status in that order. All others are short: each entry is written at a random place, which
      // costs a page of the journal, and a first sweep writes one entry of each index for each customer.
      customers_by_title: { columns: ["scope", "titleKey", "id", "searchText"] },
      customers_by_status: { columns: ["scope", "statusKey", "titleKey", "id"] },
      customers_by_status_count: { columns: ["scope", "statusKey", "status"] },
      customers_by_country: { columns: ["scope", "countryKey"] },
      customers_by_city: { columns: ["scope", "cityKey"] },
      customers_by_zip: { columns: ["scope", "zipKey"] },
      customers_by_external_id: { columns: ["scope", "externalId"] },
      customers_by_change: { columns: ["scope", "changedAt"] },
      customers_by_name_reading: { columns: ["scope", "nameReadAt"] },
      // The scope comes second: the name of an organisation is written to its customers in every scope.
      customers_by_organisation: { columns: ["orgId", "scope"] },
      customers_unhealthy: { columns: ["scope", "id"], where: ["unhealthy", "=", 1] },
      customers_with_problems: { columns: ["scope", "id"], where: ["hasProblems", "=", 1] },
      customers_absent: { columns: ["scope"], where: ["absentSweeps", ">", 0] },
    },
  },
  customerData: { columns: { customer: "customerRowId", text: ["customer", "since"] }, primaryKey: ["customerRowId"] },
  items: {
    columns: {
      customer: "customerRowId",
      number: ["position"],
      text: ["scope", "name", "nameKey", "statusKey", "class"],
    },
    primaryKey: ["customerRowId", "position"],
    indexes: {
      // The indexes of `items` and `codes` answer their filters without reading the tables.
      items_by_name: { columns: ["scope", "nameKey", "statusKey", "customerRowId", "position"] },
      items_by_status: { columns: ["scope", "statusKey", "nameKey", "customerRowId", "position"] },
      items_by_class: { columns: ["scope", "name", "class"] },
    },
  },
  codes: {
    columns: { customer: "customerRowId", number: ["position"], text: ["scope", "code"] },
    primaryKey: ["customerRowId", "position", "code"],
    indexes: { codes_by_code: { columns: ["scope", "code", "customerRowId", "position"] } },
  },
  transitions: {
    columns: {
      autoIncrement: "id",
      text: ["scope", "customerId", "title", "item", "codes"],
      nullableText: ["fromStatus", "toStatus"],
      number: ["at"],
    },
    indexes: {
      transitions_by_time: { columns: ["scope", "at", "id"] },
      transitions_by_customer: { columns: ["scope", "customerId", "at", "id"] },
      transitions_by_age: { columns: ["at"] },
    },
  },
  sweeps: {
    columns: {
      autoIncrement: "id",
      text: ["scope", "state"],
      nullableText: ["cause"],
      number: ["startedAt", "customers", "unreadable", "calls", "resumed", "savedAt"],
      nullableNumber: ["endedAt"],
    },
    indexes: { sweeps_by_scope: { columns: ["scope", "state", "id"] } },
  },
  dailyCounts: {
    columns: { text: ["scope", "day", "status"], number: ["customers"] },
    primaryKey: ["scope", "day", "status"],
  },
  leases: { columns: { text: ["name", "holder"], number: ["epoch", "expiresAt"] }, primaryKey: ["name"] },
  organisations: { columns: { text: ["orgId"], nullableText: ["name"], number: ["readAt"] }, primaryKey: ["orgId"] },
  roomScopes: { columns: { text: ["roomId", "scope", "byPersonId"], number: ["boundAt"] }, primaryKey: ["roomId"] },
};

const ALERTING_TABLES: Readonly<Record<string, TableDefinition>> = {
  alerts: {
    columns: {
      text: ["scope", "customerId", "item", "kind", "state", "drill", "alert"],
      number: ["id", "tracked", "acked", "openedAt", "changedAt", "evaluatedAt"],
      nullableNumber: ["ackUntil"],
    },
    primaryKey: ["id"],
    indexes: {
      alerts_by_customer: { columns: ["scope", "customerId", "id"] },
      alerts_by_change: { columns: ["scope", "changedAt"] },
      alerts_by_ack_end: { columns: ["ackUntil"], where: ["ackUntil", "is not", null] },
      alerts_tracked: { columns: ["scope", "id"], where: ["tracked", "=", 1] },
    },
  },
  sequences: { columns: { text: ["name"], number: ["last"] }, primaryKey: ["name"] },
  watches: {
    columns: {
      text: ["roomId", "filter", "options", "ownerId"],
      nullableText: ["space"],
      number: ["number", "escalates", "since"],
    },
    primaryKey: ["roomId", "number"],
  },
  mutes: {
    columns: { text: ["roomId", "mute"], number: ["number", "from", "until", "ended"] },
    primaryKey: ["roomId", "number"],
  },
  digests: {
    columns: { text: ["roomId", "time", "zone"], number: ["nextAt"], nullableNumber: ["lastAt"] },
    primaryKey: ["roomId"],
  },
  follows: {
    columns: { text: ["personId", "scope", "customerId", "follow"], number: ["changed"] },
    primaryKey: ["scope", "customerId", "personId"],
  },
  notifiedStates: {
    columns: {
      text: ["roomId", "state", "codes", "messageId"],
      nullableText: ["storm"],
      number: ["alertId", "generation", "failures", "badSince", "notifiedAt", "reminded", "remindAt"],
      nullableNumber: ["escalatedAt"],
    },
    primaryKey: ["roomId", "alertId"],
    indexes: {
      notified_states_by_alert: { columns: ["alertId", "roomId"] },
      notified_states_by_message: { columns: ["roomId", "messageId"] },
      notified_states_by_storm: { columns: ["roomId", "storm"] },
      notified_states_by_reminder: { columns: ["state", "remindAt"] },
      notified_states_by_state: { columns: ["roomId", "state", "alertId"] },
    },
  },
  alertCards: {
    columns: {
      text: ["messageId", "roomId", "kind"],
      number: ["postedAt", "edits", "presses", "isOver", "changes", "attempts"],
      nullableNumber: ["editDueAt", "leasedUntil"],
    },
    primaryKey: ["messageId"],
    indexes: {
      alert_cards_by_due: { columns: ["editDueAt"], where: ["editDueAt", "is not", null] },
      alert_cards_by_room: { columns: ["roomId"] },
    },
  },
  cardAlerts: {
    columns: { text: ["messageId"], number: ["alertId"] },
    primaryKey: ["messageId", "alertId"],
    indexes: { card_alerts_by_alert: { columns: ["alertId", "messageId"] } },
  },
  outbox: {
    columns: {
      autoIncrement: "id",
      text: ["recipient", "kind", "state", "details"],
      nullableText: ["messageId", "cause"],
      number: ["alertId", "generation", "urgent", "storm", "regression", "queuedAt", "possiblySent"],
      nullableNumber: ["claimedAt", "sentAt", "retryAt"],
      counter: "givenUp",
    },
    indexes: {
      outbox_once: { columns: ["recipient", "alertId", "generation", "kind"], unique: true },
      outbox_by_recipient: { columns: ["recipient", "state", "urgent", "storm", "queuedAt"] },
      outbox_by_state: { columns: ["state", "queuedAt"] },
    },
  },
  recipientQueues: {
    columns: {
      text: ["recipient"],
      nullableText: ["holder", "storm"],
      number: ["priority", "attempts"],
      nullableNumber: [
        ...["dueAt", "leasedUntil", "lastGroupSentAt", "retryAt", "failingSince"],
        ...["suspendedAt", "withheldAt", "postingSince"],
      ],
    },
    primaryKey: ["recipient"],
    indexes: { recipient_queues_by_due: { columns: ["priority", "dueAt"] } },
  },
  visibility: {
    columns: {
      text: ["scope"],
      nullableText: ["failure", "outage", "doubt"],
      number: ["tookMs"],
      nullableNumber: ["baselineAt", "readAt", "completeAt"],
    },
    primaryKey: ["scope"],
  },
};

async function createTable(
  db: Kysely<Tables>,
  dialect: SchemaDialect,
  name: string,
  { columns, primaryKey, indexes = {} }: TableDefinition,
): Promise<void> {
  const table = addColumns(db.schema.createTable(name), columns, dialect);
  await (primaryKey === undefined ? table : table.addPrimaryKeyConstraint(`${name}_key`, [...primaryKey])).execute();
  for (const [indexName, { columns: indexed, unique = false, where }] of Object.entries(indexes)) {
    const index = db.schema
      .createIndex(indexName)
      .on(name)
      .columns([...indexed]);
    const ofKind = unique ? index.unique() : index;
    await (where === undefined ? ofKind : ofKind.where(sql.ref(where[0]), where[1], literal(where[2]))).execute();
  }
}

type Table = CreateTableBuilder<string, string>;

function addColumns(empty: Table, columns: Columns, { textType, addAutoIncrement }: SchemaDialect): Table {
  const { autoIncrement, customer, text = [], nullableText = [], number = [], nullableNumber = [], counter } = columns;
  let table = autoIncrement === undefined ? empty : addAutoIncrement(empty, autoIncrement);
  if (customer !== undefined) {
    const target = "customers.rowId";
    table = table.addColumn(customer, "bigint", (column) => column.notNull().references(target).onDelete("cascade"));
  }
  for (const name of text) table = table.addColumn(name, textType, (column) => column.notNull());
  for (const name of nullableText) table = table.addColumn(name, textType);
  for (const name of number) table = table.addColumn(name, "bigint", (column) => column.notNull());
  for (const name of nullableNumber) table = table.addColumn(name, "bigint");
  if (counter !== undefined) table = table.addColumn(counter, "bigint", (column) => column.notNull().defaultTo(0));
  return table;
}

/** An index condition cannot hold a parameter. */
const literal = (value: number | null) => (value === null ? null : sql.lit(value));
