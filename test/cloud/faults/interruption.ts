import type { Reply } from "../http/exchange.ts";

/** Thrown into a handler: the request ends here, with this reply or with a cut connection. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly reply: Reply | undefined;

  constructor(reply?: Reply) {
    super(reply === undefined ? "connection cut" : `answered ${reply.status} early`);
    this.reply = reply;
  }
}
