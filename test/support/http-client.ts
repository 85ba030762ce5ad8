/** Sends JSON and returns the JSON of the answer; undefined for an empty one. Throws an Error unless the status is 2xx. */
export type HttpClient = <T = unknown>(method: string, path: string, body?: unknown) => Promise<T>;

/** @param base what all paths are appended to: `http://127.0.0.1:4000/v1` */
export function createHttpClient(base: string, token?: string): HttpClient {
  return async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
}
