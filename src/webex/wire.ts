import { z } from "zod";
import { foreignText, isStorable } from "../domain/foreign-text.ts";

/** The JSON of Webex. Fields without a schema here are dropped. */

/** No id of Webex has a character that a database cannot store. */
const id = z.string().refine(isStorable);
const optionalId = id.nullish().transform((id) => id ?? undefined);

/** The name of a person or a space, as people see it. */
const name = z.string().default("").transform(foreignText);

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

export const personSchema = z.object({
  id,
  displayName: name,
  emails: z.array(z.string()).default([]),
  orgId: id.default(""),
  type: z.string().default("person"),
});

export const messageSchema = z.object({
  id,
  roomId: id,
  roomType: z.string().default("group"),
  personId: id,
  personEmail: z.string().default(""),
  text: optionalText,
  html: optionalText,
  parentId: optionalId,
  created: z.string(),
  updated: optionalText,
});

export const actionSchema = z.object({
  id,
  messageId: id,
  roomId: id,
  personId: id,
  created: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

export const roomSchema = z.looseObject({
  id,
  title: name,
  type: z.string().default("group"),
  lastActivity: optionalText,
});

export const membershipSchema = z.looseObject({
  id,
  roomId: id,
  personId: id,
  personEmail: z.string().default(""),
  personOrgId: optionalId,
});

export const webhookSchema = z.object({
  id,
  name: z.string(),
  targetUrl: z.string(),
  resource: z.string(),
  event: z.string(),
  secret: optionalText,
  status: z.string().default("active"),
});

export const listSchema = <T>(item: z.ZodType<T>) => z.object({ items: z.array(item) });

/** The body of a webhook call. `data` has neither the text nor the inputs of a card; those are read by another call. */
export const eventSchema = z.object({
  name: z.string().default(""),
  resource: z.string(),
  event: z.string(),
  actorId: optionalId,
  data: z.object({
    id,
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
