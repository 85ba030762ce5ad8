"use strict";

/**
 * A replacement for the Webex SDK, which webex-node-bot-framework requires under the name `webex`. It contains no client.
 * `src/webex/framework.ts` provides a client under a random key and gives the framework that key as its token; the framework
 * calls `init` with it and gets the client. So the framework never has the real token.
 */
const clients = new Map();

module.exports = {
  provide: (key, client) => clients.set(key, client),
  withdraw: (key) => clients.delete(key),
  init: ({ credentials }) => clients.get(credentials.access_token),
};
