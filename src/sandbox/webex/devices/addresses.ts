/** The addresses of the services behind a device. They are Webex's own below their host, which is the sandbox's for all. */

export const servicesAt = (origin: string) => ({
  u2c: `${origin}/u2c/api/v1`,
  wdm: `${origin}/wdm/api/v1`,
  mercury: `${origin}/mercury/v1`,
  conversation: `${origin}/conversation/api/v1`,
});

const REGISTRATIONS = "/mercury/v1/apps/wx2/registrations";

export const deviceUrl = (origin: string, id: string): string => `${servicesAt(origin).wdm}/devices/${id}`;

export const webSocketUrl = (origin: string, id: string): string =>
  `${origin.replace(/^http/, "ws")}${REGISTRATIONS}/${id}/messages`;

/** The route of the handshake, as the log of calls and the faults name it. */
export const SOCKET_ROUTE = `GET ${REGISTRATIONS}/:id/messages`;
