"use strict";

/**
 * Stands where webex-node-bot-framework looks for the Webex SDK. It has no client of its own: `src/webex/framework.ts`
 * leaves one here under a key, and gives the framework that key as its token, so that the real token never gets there.
 */
const clients = new Map();

module.exports = {
  provide: (key, client) => clients.set(key, client),
  withdraw: (key) => clients.delete(key),
  /** What the framework calls: `Webex.init({ credentials: { access_token } })`. */
  init: ({ credentials }) => clients.get(credentials.access_token),
};
