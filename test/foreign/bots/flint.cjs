/** node-flint, from which the framework of the newer name comes. */
const Flint = require("node-flint");
const webhook = require("node-flint/webhook");
const { answerTo, listen, place, ready, says } = require("./shared.cjs");

const flint = new Flint({
  token: place.token,
  webhookUrl: place.webhookUrl,
  webhookSecret: place.secret,
  minTime: 1,
});

flint.on("initialized", ready);
flint.on("spawn", (bot) => bot.say(says.greeting));
flint.on("message", (bot, { text }) => {
  const answer = answerTo(text);
  if (answer) bot.say(answer);
});
flint.on("attachmentAction", (bot, action) => bot.say(says.pressed((action.attachmentAction ?? action).inputs)));

(async () => {
  if (place.webhookUrl) await listen(webhook(flint));
  await flint.start();
})();
