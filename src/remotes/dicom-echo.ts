import { generateUid } from "../dicom/uid.ts";
import { commandFields } from "../dimse/command-set.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import { withAssociation } from "./dicom-associations.ts";
import { DimseFailure } from "./dicom-failure.ts";
import type { DicomRemote } from "./dicom-remote.ts";
import { controlContexts, verification } from "./service-classes.ts";
import { queryIdentifier } from "./query-identifier.ts";
import { acceptedContext, findAnswers, type QueryScuParts } from "./query-scu.ts";

const studyInstanceUID = 0x0020000d;

/** Sends a C-ECHO (PS3.4 §A). Throws `NoPresentationContext`, or `NetworkProtocol` that says why. */
export async function echo({ associations }: Pick<QueryScuParts, "associations">, remote: DicomRemote): Promise<void> {
  await withAssociation(associations, { remote, contexts: controlContexts }, async (association) => {
    const context = acceptedContext(association, [verification]);
    if (context === undefined) {
      throw new ServerError("NoPresentationContext", `"${remote.calledAet}" does not accept the verification service`);
    }
    const command = { AffectedSOPClassUID: verification, CommandField: commandFields["C-ECHO-RQ"] };
    for await (const response of association.request({ contextId: context.id, command })) {
      if (response.command.Status === statuses.success) continue;
      throw new DimseFailure("C-ECHO", remote, response.command.Status, { comment: response.command.ErrorComment });
    }
  });
}

/** Sends a C-FIND for a study that cannot be there (`DicomEchoChecksFind`). Throws as `findAnswers`. */
export async function checkFind(parts: QueryScuParts, remote: DicomRemote): Promise<void> {
  const charset = parts.defaultCharset();
  const options = { level: "Study", normalize: true, manufacturer: "Generic", charset } as const;
  const identifier = queryIdentifier(new Map([[studyInstanceUID, generateUid()]]), options);
  await findAnswers(parts, remote, "Study", identifier);
}
