/** webex-node-bot-framework with its own SDK: by webhooks, or by a socket without an address. */
const Framework = require("webex-node-bot-framework");
const webhook = require("webex-node-bot-framework/webhook");
const { answerTo, listen, place, ready, says } = require("./shared.cjs");

const framework = new Framework({
  token: place.token,
  ...(place.webhookUrl && { webhookUrl: place.webhookUrl, webhookSecret: place.secret }),
});

framework.on("initialized", ready);
framework.on("spawn", (bot, _id, addedBy) => addedBy && bot.say(says.greeting));
framework.on("message", (bot, { text }) => {
  const answer = answerTo(text);
  if (answer) bot.say(answer);
});
framework.on("attachmentAction", (bot, { attachmentAction }) => bot.say(says.pressed(attachmentAction.inputs)));

(async () => {
  if (place.webhookUrl) await listen(webhook(framework));
  await framework.start();
})();
