export async function readAll<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const all = [];
  for await (const one of stream) all.push(one);
  return all;
}
