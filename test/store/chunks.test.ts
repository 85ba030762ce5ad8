import { expect, test } from "vitest";
import { deleteInChunks } from "../../src/store/chunks.ts";

test("many rows are deleted some at a time, until none is left", async () => {
  let left = 12_345;
  const chunks: number[] = [];
  const deleted = await deleteInChunks(async (most) => {
    const some = Math.min(most, left);
    left -= some;
    chunks.push(some);
    return some;
  });
  expect(deleted).toBe(12_345);
  expect(left).toBe(0);
  expect(chunks).toEqual([5_000, 5_000, 2_345]);
});
