/** Cisco's SDK alone, of the name in SDK: by webhooks that it registers, or by its own sockets. */
const { answerTo, listen, place, ready, says } = require("./shared.cjs");

// A part of the SDK that no bot asks for, such as its calendar, may fail on its own.
process.on("unhandledRejection", (reason) => process.stderr.write(`unhandled: ${reason}\n`));

const { init } = require(process.env.SDK);
const webex = init({ credentials: { access_token: place.token } });
const RESOURCES = ["memberships", "messages", "attachmentActions"];

const hear = {
  memberships: ({ roomId, personId }, me) => personId === me.id && say(roomId, { text: says.greeting }),
  async messages({ id, personId }, me) {
    if (personId === me.id) return;
    const { roomId, text } = await webex.messages.get(id);
    const answer = answerTo(text);
    if (answer) await say(roomId, answer);
  },
  async attachmentActions({ id }) {
    const { roomId, inputs } = await webex.attachmentActions.get(id);
    await say(roomId, { text: says.pressed(inputs) });
  },
};

const say = (roomId, message) => webex.messages.create({ roomId, ...message });

async function listenByWebhooks(me) {
  await listen(({ body: { resource, data } }, response) => {
    response.status(200).send("OK");
    hear[resource](data, me);
  });
  for (const resource of RESOURCES) {
    await webex.webhooks.create({ name: resource, targetUrl: place.webhookUrl, resource, event: "created" });
  }
}

async function listenBySocket(me) {
  for (const resource of RESOURCES) {
    await webex[resource].listen();
    webex[resource].on("created", ({ data }) => hear[resource](data, me));
  }
}

(async () => {
  const me = await webex.people.get("me");
  await (place.webhookUrl ? listenByWebhooks(me) : listenBySocket(me));
  ready();
})();
