/** The code in a pasted text, or why there is none. */
export type Pasted = { readonly code: string } | { readonly problem: string };

/** @param state of the request that the code must answer, which only a whole address has */
export function readPasted(text: string, state: string): Pasted {
  const pasted = text.trim();
  if (pasted === "") return { problem: "Nothing was pasted." };
  const [, query] = /[?&]?((?:code|error|response_type|client_id|state)=.*)$/s.exec(pasted) ?? [];
  if (query === undefined) return readBareCode(pasted);
  const parameters = new URLSearchParams(query.replace(/#.*$/s, ""));
  const error = parameters.get("error");
  if (error !== null) return { problem: ERRORS[error] ?? `Webex answered: ${error.slice(0, 100)}.` };
  const code = parameters.get("code");
  if (code === null || code === "")
    return { problem: "This is the address to open. Paste the one to which Webex leads after you accept." };
  if (parameters.get("state") !== state && parameters.has("state"))
    return { problem: "This address belongs to an earlier attempt. Open the address above once more." };
  return { code };
}

function readBareCode(pasted: string): Pasted {
  if (/^[\w.~%-]{8,}$/.test(pasted)) return { code: decodeURIComponent(pasted) };
  return { problem: "There is no code in this. Paste the whole address that the browser shows after you accept." };
}

const ERRORS: Readonly<Record<string, string>> = {
  access_denied: "The consent was declined. Open the address above again, and accept.",
  invalid_scope:
    "The integration lacks one of these scopes. Tick them all on its page, or leave some out with --scope, and begin again.",
  invalid_redirect_uri: "The integration has another redirect URI. Add the one above on its page, and begin again.",
};
