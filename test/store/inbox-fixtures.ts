export const NOON = Date.UTC(2026, 10, 23, 12);
export const LEASE = 60_000;

/** A message that was written in this room. */
export const event = (roomId: string, key: string) => ({
  idempotencyKey: key,
  roomId,
  resource: "messages",
  event: "created",
  body: key,
});
