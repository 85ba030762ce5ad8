import { z } from "zod";

/** The JSON of Webex. Fields without a schema here are dropped. */

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

export const personSchema = z.object({
  id: z.string(),
  displayName: z.string().default(""),
  emails: z.array(z.string()).default([]),
  orgId: z.string().default(""),
  type: z.string().default("person"),
});

export const messageSchema = z.object({
  id: z.string(),
  roomId: z.string(),
  roomType: z.string().default("group"),
  personId: z.string(),
  personEmail: z.string().default(""),
  text: optionalText,
  html: optionalText,
  parentId: optionalText,
  created: z.string(),
  updated: optionalText,
});

export const actionSchema = z.object({
  id: z.string(),
  messageId: z.string(),
  roomId: z.string(),
  personId: z.string(),
  created: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

export const roomSchema = z.looseObject({
  id: z.string(),
  title: z.string().default(""),
  type: z.string().default("group"),
});

export const membershipSchema = z.looseObject({
  id: z.string(),
  roomId: z.string(),
  personId: z.string(),
  personEmail: z.string().default(""),
  personOrgId: optionalText,
});

export const webhookSchema = z.object({
  id: z.string(),
  name: z.string(),
  targetUrl: z.string(),
  resource: z.string(),
  event: z.string(),
  secret: optionalText,
  status: z.string().default("active"),
});

export const listSchema = <T>(item: z.ZodType<T>) => z.object({ items: z.array(item) });

/** No id of Webex has a NUL or half of a character, and PostgreSQL stores neither. */
const storableId = z.string().regex(/^[^\0\p{Cs}]*$/u);
const optionalId = storableId.nullish().transform((id) => id ?? undefined);

/** The body of a webhook call. `data` has neither the text nor the inputs of a card; those are read by another call. */
export const eventSchema = z.object({
  name: z.string().default(""),
  resource: z.string(),
  event: z.string(),
  actorId: optionalId,
  data: z.object({
    id: storableId,
    roomId: optionalId,
    roomType: optionalText,
    personId: optionalId,
    created: optionalId,
  }),
});

export const errorBodySchema = z.object({
  message: optionalText,
  errors: z.array(z.object({ description: optionalText })).nullish(),
  trackingId: optionalText,
});

export type WebexPerson = z.infer<typeof personSchema>;
export type WebexMessage = z.infer<typeof messageSchema>;
export type WebexAction = z.infer<typeof actionSchema>;
export type WebexRoom = z.infer<typeof roomSchema>;
export type WebexMembership = z.infer<typeof membershipSchema>;
export type WebexWebhook = z.infer<typeof webhookSchema>;
export type WebhookEvent = z.infer<typeof eventSchema>;
