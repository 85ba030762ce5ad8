/** node-sparky: it knows nothing of cards, but hands over every event and posts every message. */
const Spark = require("node-sparky");
const { answerTo, listen, place, ready, says } = require("./shared.cjs");

const spark = new Spark({ token: place.token, webhookSecret: place.secret, apiUrl: `${place.apiUrl}/` });
const say = (roomId, message) => spark.messageSend({ roomId, ...message });

async function read(path) {
  const response = await fetch(`${place.apiUrl}${path}`, { headers: { authorization: `Bearer ${place.token}` } });
  return response.json();
}

(async () => {
  const me = await spark.personMe();
  spark.on("memberships-created", ({ personId, roomId }) => {
    if (personId === me.id) say(roomId, { text: says.greeting });
  });
  spark.on("messages-created", ({ personId, roomId, text = "" }) => {
    const answer = personId === me.id ? undefined : answerTo(text);
    if (answer) say(roomId, answer);
  });
  spark.on("attachmentactions-created", async ({ id, roomId }) => {
    const { inputs } = await read(`/attachment/actions/${id}`);
    say(roomId, { text: says.pressed(inputs) });
  });
  const take = spark.webhookListen();
  // It looks for `headers` among the request's own properties, where Node has not had them since version 15.
  await listen(({ headers, body }, response) => take({ headers, body }, response));
  const hook = { targetUrl: place.webhookUrl, event: "all", secret: place.secret };
  await spark.webhookAdd({ ...hook, name: "all", resource: "all" });
  await spark.webhookAdd({ ...hook, name: "presses", resource: "attachmentActions" });
  ready();
})();
