import type { HttpRequest, HttpResponse } from "./http-messages.ts";

export type RouteHandler<C> = (ask: HttpRequest, caller: C) => HttpResponse | Promise<HttpResponse>;

/** `"GET /messages/:id"` -> its handler. A route has at most one `:id`. */
export type Routes<C> = Readonly<Record<string, RouteHandler<C>>>;

/** The same routes, each handler wrapped: to check something before it answers. */
export const wrapRoutes = <C>(routes: Routes<C>, wrap: (handler: RouteHandler<C>) => RouteHandler<C>): Routes<C> =>
  Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, wrap(handler)]));

export interface RouteMatch<C> {
  /** The name of the route; calls are counted by it. */
  readonly route: string;
  readonly id: string;
  readonly handler: RouteHandler<C>;
}

export type Router<C> = (method: string, path: string) => RouteMatch<C> | "no such path" | "no such method";

export function createRouter<C>(routes: Routes<C>): Router<C> {
  const known = Object.entries(routes).map(([route, answer]) => {
    const [method = "", pattern = ""] = route.split(" ");
    return { route, method, segments: pattern.split("/"), answer };
  });
  // `/messages/direct` must match before `/messages/:id`.
  known.sort((a, b) => Number(a.segments.includes(":id")) - Number(b.segments.includes(":id")));
  return (method, path) => {
    const segments = path.replace(/(?<=.)\/$/, "").split("/");
    const here = known.filter((route) => matchesSegments(route.segments, segments));
    const found = here.find((route) => route.method === method);
    if (!found) return here.length > 0 ? "no such method" : "no such path";
    const id = segments[found.segments.indexOf(":id")] ?? "";
    return { route: found.route, id: decodeSegment(id), handler: found.answer };
  };
}

function matchesSegments(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => (part === ":id" ? segments[at] !== "" : part === segments[at]))
  );
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
