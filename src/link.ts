/** The links of a Link header (RFC 8288) by relation, in lower case; the first of a kind wins. */
export function parseLink(header: string | readonly string[] | undefined): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  const text = [header ?? []].flat().join(",");
  for (const [, target = "", parameters = ""] of text.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const rel = /(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"']+))/i.exec(parameters);
    const names = rel?.[1] ?? rel?.[2] ?? rel?.[3] ?? "";
    for (const name of names.toLowerCase().split(/\s+/)) {
      if (name && !links.has(name)) links.set(name, target.trim());
    }
  }
  return links;
}

/**
 * A link as a path below `baseUrl`; undefined when it leads anywhere else, where no token may go.
 * @param from the address that the answer with the link came from
 */
export function pathBelow(baseUrl: string, link: string, from: URL): string | undefined {
  if (!URL.canParse(link, from.href)) return undefined;
  const base = new URL(baseUrl.replace(/\/*$/, "/"));
  const url = new URL(link, from);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return undefined;
  return `/${url.pathname.slice(base.pathname.length)}${url.search}`;
}
