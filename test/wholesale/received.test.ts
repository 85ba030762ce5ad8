import { expect, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { createRowReader, receivedCustomer } from "../../src/wholesale/received.ts";
import { readCustomer } from "../../src/wholesale/wire.ts";

const row = (id: string, more: object = {}) => ({
  id,
  status: "provisioned",
  packages: ["webex_calling", { name: "webex_meetings", status: "error", errors: [{ errorCode: 2560 }] }],
  ...more,
});

function received(read: ReturnType<typeof createRowReader>, sent: unknown) {
  const found = read(sent);
  if (found instanceof Failure) throw found;
  return found;
}

test("a row that comes again is what it was, however many came in between", () => {
  for (const mostKnown of [2, 5, 1_000]) {
    const read = createRowReader(mostKnown);
    for (let round = 0; round < 3; round += 1)
      for (const id of ["a", "b", "c", "d", "e", "f"]) {
        const { checksum, customer, ...named } = received(read, row(id));
        const anew = receivedCustomer(readCustomer(row(id)));
        expect(named).toEqual({ id, status: "provisioned" });
        expect([checksum, customer]).toEqual([anew.checksum, anew.customer]);
      }
  }
});

test("a row that comes again is parsed only when its customer is asked for", () => {
  const read = createRowReader();
  let reads = 0;
  const watched = () => ({
    ...row("a"),
    toJSON: () => row("a"),
    get address() {
      reads += 1;
      return { city: "Berlin" };
    },
  });
  received(read, watched());
  reads = 0;
  const again = received(read, watched());
  expect(again.id).toBe("a");
  expect(reads).toBe(0);
  expect(again.customer.address.city).toBe("Berlin");
  expect(reads).toBeGreaterThan(0);
});

test("the order of lists and keys does not change the checksum, and anything else does", () => {
  const read = createRowReader();
  const { checksum } = received(read, row("a"));
  const { packages, ...rest } = row("a");
  expect(received(read, { packages: packages.toReversed(), ...rest }).checksum).toBe(checksum);
  expect(received(read, row("a", { externalId: "7" })).checksum).not.toBe(checksum);
});

test("a row that cannot be read is refused each time", () => {
  const read = createRowReader();
  for (let round = 0; round < 2; round += 1) expect(read({ id: 7 })).toBeInstanceOf(Failure);
});
