import type { Configuration } from "../config/options.ts";
import { sopClasses } from "../dicom/sop-classes.ts";
import { type AcceptedSopClasses, createAcceptedSopClasses } from "../scp/accepted-sop-classes.ts";

/** The SOP classes that are taken, as the configuration says. */
export function acceptedSopClasses(configuration: Configuration): AcceptedSopClasses {
  return createAcceptedSopClasses({
    known: sopClasses.filter(({ kind }) => kind === "Storage").map(({ uid }) => uid),
    accepted: configuration.AcceptedSopClasses,
    rejected: [...configuration.RejectedSopClasses, ...configuration.RejectSopClasses],
    unknownAccepted: configuration.UnknownSopClassAccepted,
  });
}
