/** Every bot of the tests listens by a socket. */
export const BY_SOCKET = Boolean(process.env.TEST_SOCKET);

/** The environment of a bot that listens by a socket. */
export const WITHOUT_ADDRESS = { PUBLIC_URL: "", WEBEX_WEBHOOK_SECRET: "" };

/** For the environment of every bot, over all else. */
export const ADDRESS_OF_ALL: Readonly<Record<string, string>> = BY_SOCKET ? WITHOUT_ADDRESS : {};
