/**
 * The parts that every bot here has in common: its place, what it says, and a server for webhooks. A bot greets a space that it
 * is added to, answers `ping`, posts a card for `card`, and says which button of it was pressed.
 */
const { createServer } = require("node:http");

const { BOT_TOKEN, API_URL, WEBHOOK_PORT, WEBHOOK_SECRET } = process.env;
const BUTTON = { type: "Action.Submit", title: "Blue", data: { colour: "blue" } };

const place = {
  token: BOT_TOKEN,
  apiUrl: API_URL,
  secret: WEBHOOK_SECRET,
  /** Undefined for a bot that listens by a socket. */
  webhookUrl: WEBHOOK_PORT && `http://127.0.0.1:${WEBHOOK_PORT}/webhook`,
};

const says = {
  greeting: "Hello, I am here.",
  heard: "I heard ping.",
  pressed: ({ colour }) => `You pressed ${colour}.`,
  card: {
    text: "A card with a button.",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          type: "AdaptiveCard",
          version: "1.2",
          body: [{ type: "TextBlock", text: "Which colour?" }],
          actions: [BUTTON],
        },
      },
    ],
  },
};

/** The answer to a text, with the mention still in it or not; undefined for most texts. */
function answerTo(text) {
  if (/\bping\b/.test(text)) return { text: says.heard };
  return /\bcard\b/.test(text) ? says.card : undefined;
}

/** Takes webhooks and hands each to `take(request, response)`, with `request.body` as express would have it. */
function listen(take) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      request.body = JSON.parse(Buffer.concat(chunks).toString());
      take(request, likeExpress(response));
    });
  });
  return new Promise((resolve) => server.listen(Number(WEBHOOK_PORT), "127.0.0.1", resolve));
}

function likeExpress(response) {
  response.status = (code) => {
    response.statusCode = code;
    return response;
  };
  response.send = (text) => response.end(text);
  response.json = (value) => response.end(JSON.stringify(value));
  return response;
}

/** The person of the test begins now. */
const ready = () => process.stdout.write("ready\n");

module.exports = { answerTo, listen, place, ready, says };
