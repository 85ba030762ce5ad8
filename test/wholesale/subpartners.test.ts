import { expect, test } from "vitest";
import { createCachedSubpartners } from "../../src/wholesale/organisations.ts";

const ACME = { orgId: "o1", name: "Acme", state: "active" };

function begin(answers: readonly (readonly (typeof ACME)[] | Error)[]) {
  const story = { now: 1_000, asked: 0 };
  const subpartners = async () => {
    const answer = answers[Math.min(story.asked, answers.length - 1)] ?? [];
    story.asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { story, read: createCachedSubpartners({ subpartners }, () => story.now) };
}

test("the sub-partners are read once a minute, however often they are asked for", async () => {
  const { story, read } = begin([[ACME], []]);
  expect(await Promise.all([read(), read()])).toEqual([
    { list: [ACME], readAt: 1_000 },
    { list: [ACME], readAt: 1_000 },
  ]);
  story.now += 59_000;
  expect(await read()).toEqual({ list: [ACME], readAt: 1_000 });
  story.now += 2_000;
  expect(await read()).toEqual({ list: [], readAt: 62_000 });
  expect(story.asked).toBe(2);
});

test("a failure is not kept", async () => {
  const { read } = begin([new Error("no answer"), [ACME]]);
  await expect(read()).rejects.toThrow("no answer");
  expect(await read()).toMatchObject({ list: [ACME] });
});
