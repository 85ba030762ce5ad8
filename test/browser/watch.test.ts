import { describe, expect, test } from "vitest";
import { findBrowser } from "../support/browser.ts";
import { openSpace, useBrowserSandbox } from "../support/browser-sandbox.ts";

const CARD = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: {
    type: "AdaptiveCard",
    version: "1.3",
    body: [{ type: "TextBlock", text: "Contoso is in error" }],
  },
};

describe.skipIf(!findBrowser())("a space watched as an alert room, on the sandbox's page", () => {
  const stage = useBrowserSandbox();

  const post = (roomId: string, text: string, more: object = {}) =>
    stage.person("bot").call<{ id: string }>("POST", "/messages", { roomId, text, ...more });

  /** A space with one alert, opened as an alert room. */
  async function watched(title: string, width = 1280) {
    const roomId = await stage.newSpace(title, stage.person("bot"));
    const { id: parentId } = await post(roomId, "Contoso is in error", { attachments: [CARD] });
    const page = await stage.openAs(stage.person("viewer"), { width });
    if (width < 720) await page.getByRole("tab", { name: "Spaces" }).click();
    await openSpace(page, title);
    await page.getByRole("button", { name: "Alert room" }).click();
    const room = page.getByRole("region", { name: "Alert room" });
    return { page, room, roomId, parentId, reply: (text: string) => post(roomId, text, { parentId }) };
  }

  test("it is read-only, and threads are folded under their alert, with the last reply", async () => {
    const { page, room, reply } = await watched("Storm");
    await room.locator(".card").getByText("Contoso is in error").waitFor();
    expect(await page.getByRole("textbox", { name: "Message" }).isVisible()).toBe(false);
    expect(await room.getByRole("button", { name: /^Reply/ }).count()).toBe(0);
    await reply("Retry 1 failed");
    await room.getByText("1 reply").click();
    await room.getByRole("article").getByText("Retry 1 failed").waitFor();
    await reply("Recovered");
    await room.getByText("2 replies").waitFor();
    await room.getByRole("article").getByText("Recovered").waitFor();
    await page.getByRole("button", { name: "Alert room" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
  });

  test("it counts the messages of the last hour by the sandbox's time, also when they take several pages", async () => {
    const { page, room, roomId } = await watched("Busy hour");
    for (let n = 0; n < 60; n += 1) await post(roomId, `Alert ${n}`);
    await room.getByText("61 messages in the last hour").waitFor();
    await page.reload();
    await room.getByText("61 messages in the last hour").waitFor();
    await page.locator("summary", { hasText: "Clock" }).click();
    await page.getByRole("button", { name: "+1 h" }).click();
    await room.getByText("0 messages in the last hour").waitFor();
    await post(roomId, "All quiet");
    await room.getByText("1 message in the last hour").waitFor();
  });

  test("it stays open when the space is migrated, and fits a phone", async () => {
    const { page, room, roomId } = await watched("On the move", 360);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    const response = await fetch(`${stage.url()}/sandbox/rooms/${roomId}/migrate`, { method: "POST" });
    const moved = (await response.json()) as { readonly id: string };
    await post(moved.id, "Here I am");
    await room.getByText("Here I am").waitFor();
    await room.locator(".card").getByText("Contoso is in error").waitFor();
  });
});
