import { AssociationError } from "../dimse/association.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomRemote } from "./dicom-remote.ts";

/** What clients see of a failed association: `NetworkProtocol`, whatever the reason, as in Orthanc. Other errors are given back as they are. */
export function associationFailure(error: unknown, { calledAet, host, port }: DicomRemote): unknown {
  if (!(error instanceof AssociationError)) return error;
  const where = `association with "${calledAet}" at ${host}:${port}`;
  return new ServerError("NetworkProtocol", `${where}: ${error.failure}: ${error.message}`, { cause: error });
}

/** A final status that is no success (PS3.7 Annex C), as Orthanc tells it. */
export class DimseFailure extends ServerError {
  readonly status: number;
  /** `operation` as in `C-MOVE`. `http`: another HTTP status than 500. */
  constructor(
    operation: string,
    { calledAet }: Pick<DicomRemote, "calledAet">,
    status: number,
    options: { readonly comment?: string | undefined; readonly http?: number } = {},
  ) {
    const { comment, http } = options;
    const hex = status.toString(16).toUpperCase().padStart(4, "0");
    const reason = comment === undefined || comment === "" ? "" : ` (${comment})`;
    super("NetworkProtocol", `${operation} to "${calledAet}" failed with DIMSE status 0x${hex}${reason}`, {
      payload: { Type: "Dimse", Content: { DimseErrorStatus: status } },
      ...(http === undefined ? {} : { http }),
    });
    this.status = status;
  }
}
