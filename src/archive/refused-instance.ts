import { ServerError } from "../util/errors.ts";

/** A filter refuses an instance with a status of C-STORE of its own (PS3.7 Annex C, PS3.4 §B.2.3). */
export class RefusedInstance extends ServerError {
  readonly dimseStatus: number;

  constructor(dimseStatus: number, why: string) {
    super("CannotStoreInstance", why);
    this.dimseStatus = dimseStatus;
  }
}
