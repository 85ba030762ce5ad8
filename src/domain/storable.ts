/** The text with the characters replaced that PostgreSQL cannot store: NUL and unpaired surrogates. */
export const storableText = (text: string): string => text.replace(/[\0\p{Cs}]/gu, "\ufffd");

export const isStorable = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);
