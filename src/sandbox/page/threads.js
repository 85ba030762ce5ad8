/** Roots in order of time, each with its replies. What answers to something unknown stands for itself. */
export function inThreads(messages) {
  const known = new Set(messages.map(({ id }) => id));
  const replies = Map.groupBy(messages, ({ parentId }) => (known.has(parentId) ? parentId : undefined));
  return (replies.get(undefined) ?? []).map((root) => ({ root, replies: replies.get(root.id) ?? [] }));
}
