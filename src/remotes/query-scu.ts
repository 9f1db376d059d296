import type { Level } from "../catalog/catalog.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import type { Association, PresentationContext } from "../dimse/association.ts";
import { commandFields } from "../dimse/command-set.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import { type DicomAssociations, withAssociation } from "./dicom-associations.ts";
import { DimseFailure } from "./dicom-failure.ts";
import type { DicomRemote } from "./dicom-remote.ts";
import { controlContexts, informationModels, modalityWorklistFind } from "./service-classes.ts";

export interface QueryScuParts {
  readonly associations: DicomAssociations;
  /** `DefaultEncoding`: of answers that declare none. */
  readonly defaultCharset: () => SpecificCharacterSet;
}

/** Bytes that the answers to one query may have. */
const answersLimit = 64 << 20;
/** Matches are continuing, but one or more optional keys were not supported (PS3.4 Table C.4-1). */
const pendingWithWarning = 0xff01;

/** Sends a C-FIND at a level and gives all answers. Throws `DicomFindUnavailable`, or `NetworkProtocol` as `DimseFailure`. */
export async function findAnswers(
  parts: QueryScuParts,
  remote: DicomRemote,
  level: Level,
  identifier: Dataset,
): Promise<readonly Dataset[]> {
  return find(
    parts,
    remote,
    informationModels(level).map((model) => model.find),
    identifier,
  );
}

/** Sends a C-FIND for worklist items and gives all answers. Throws as `findAnswers`. */
export async function findWorklist(
  parts: QueryScuParts,
  remote: DicomRemote,
  identifier: Dataset,
): Promise<readonly Dataset[]> {
  return find(parts, remote, [modalityWorklistFind], identifier);
}

async function find(
  parts: QueryScuParts,
  remote: DicomRemote,
  models: readonly string[],
  identifier: Dataset,
): Promise<readonly Dataset[]> {
  return withAssociation(parts.associations, { remote, contexts: controlContexts }, async (association) => {
    const context = acceptedContext(association, models);
    if (context === undefined) {
      throw new ServerError("DicomFindUnavailable", `"${remote.calledAet}" accepts no C-FIND of this kind`);
    }
    const { transferSyntaxUID } = context;
    const received = await collect(association, context, writeDataset(identifier, { transferSyntaxUID }));
    if (received.status !== statuses.success) {
      throw new DimseFailure("C-FIND", remote, received.status, {
        comment: received.comment,
        ...(received.status === statuses.unableToProcess ? { http: 422 } : {}),
      });
    }
    const defaultCharset = parts.defaultCharset();
    return received.datasets.map((bytes) => parseDataset(bytes, { transferSyntaxUID, defaultCharset }));
  });
}

/** The context of the first of these abstract syntaxes that was accepted. */
export function acceptedContext(
  { contexts }: Pick<Association, "contexts">,
  abstractSyntaxes: readonly string[],
): PresentationContext | undefined {
  return abstractSyntaxes
    .map((wanted) => contexts.find(({ abstractSyntax }) => abstractSyntax === wanted))
    .find((context) => context !== undefined);
}

interface Received {
  readonly status: number;
  readonly comment: string | undefined;
  readonly datasets: readonly Buffer[];
}

/** Reads to the final response in any case: nobody else can use the association before. */
async function collect(association: Association, context: PresentationContext, dataset: Buffer): Promise<Received> {
  const tooMuch = new AbortController();
  const datasets: Buffer[] = [];
  let size = 0;
  let status: number = statuses.unableToProcess;
  let comment: string | undefined;
  const request = association.request({
    contextId: context.id,
    command: { AffectedSOPClassUID: context.abstractSyntax, CommandField: commandFields["C-FIND-RQ"], Priority: 0 },
    dataset,
    cancel: tooMuch.signal,
  });
  for await (const response of request) {
    status = response.command.Status;
    comment = response.command.ErrorComment;
    const isMatch = status === statuses.pending || status === pendingWithWarning;
    if (!isMatch || response.dataset === undefined || tooMuch.signal.aborted) continue;
    size += response.dataset.length;
    if (size > answersLimit) tooMuch.abort();
    else datasets.push(response.dataset);
  }
  if (tooMuch.signal.aborted) {
    throw new ServerError("NotEnoughMemory", `the answers have more than ${answersLimit} bytes: narrow the query`);
  }
  return { status, comment, datasets };
}
