/** Of the name of each metric that is ours. */
export const PREFIX = "wholesale_bot_";
