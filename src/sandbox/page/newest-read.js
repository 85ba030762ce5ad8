/** Gives the answers of one list in the order of their requests: an answer that a later request has overtaken is undefined. */
export function createNewestRead() {
  let requests = 0;
  let answered = 0;
  return async (read) => {
    const request = ++requests;
    const answer = await read();
    if (request < answered) return undefined;
    answered = request;
    return answer;
  };
}
