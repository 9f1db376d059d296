/** One part, its headers as they were sent. */
export interface AnswerPart {
  readonly headers: string;
  readonly body: Buffer;
}

/** The parts of a multipart answer (RFC 2046 §5.1.1), read without the server's own reader; no body may contain the boundary. */
export function partsOf(contentType: string | undefined, answer: Buffer): readonly AnswerPart[] {
  const boundary = /boundary="?([^;"]+)/.exec(contentType ?? "")?.[1];
  if (boundary === undefined) throw new Error(`${contentType} has no boundary`);
  return answer
    .toString("latin1")
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const end = part.indexOf("\r\n\r\n");
      return { headers: part.slice(2, end), body: Buffer.from(part.slice(end + 4, -2), "latin1") };
    });
}
