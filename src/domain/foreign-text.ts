/**
 * A text from outside, without the characters that PostgreSQL cannot store (NUL and unpaired surrogates) and those that mark a
 * time within a text (`markTime`): a name must not be shown as a time.
 */
export const foreignText = (text: string): string => text.replace(/[\0\p{Cs}\ue000\ue001]/gu, "\ufffd");

export const isStorable = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);
