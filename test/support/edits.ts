/** With `TEST_EDITS=refused` the twins of every journey refuse each edit of a card, as the reference of Webex says. */
export const EDITS_REFUSED = process.env.TEST_EDITS === "refused";
