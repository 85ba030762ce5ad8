import { createSecrets } from "../../src/secrets.ts";

export const NO_SECRETS = createSecrets([]);
