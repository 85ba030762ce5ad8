"use strict";

// A replacement for the MongoDB driver. webex-node-bot-framework requires it for a storage that this bot does not use.
module.exports = {};
