/** Botkit's adapter for Webex, without Botkit. It registers webhooks at `https` alone, so the bot registers them itself. */
const { WebexAdapter } = require("botbuilder-adapter-webex");
const { answerTo, listen, place, ready, says } = require("./shared.cjs");

const adapter = new WebexAdapter({
  access_token: place.token,
  public_address: place.webhookUrl,
  secret: place.secret,
});

async function answer(context) {
  const { type, text = "", value, channelData } = context.activity;
  const { botkitEventType, data } = channelData;
  if (botkitEventType === "memberships.created" && data.personId === adapter.identity.id) {
    await context.sendActivity(says.greeting);
  } else if (botkitEventType === "attachmentActions") await context.sendActivity(says.pressed(value));
  else if (type === "message" && answerTo(text)) await context.sendActivity({ type, ...answerTo(text) });
}

async function register(resource) {
  const body = { name: resource, targetUrl: place.webhookUrl, resource, event: "all", secret: place.secret };
  await fetch(`${place.apiUrl}/webhooks`, {
    method: "POST",
    headers: { authorization: `Bearer ${place.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

(async () => {
  await adapter.getIdentity();
  await listen((request, response) => adapter.processActivity(request, response, answer));
  await register("all");
  await register("attachmentActions");
  ready();
})();
