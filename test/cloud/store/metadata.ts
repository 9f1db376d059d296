import type { Reply } from "../http/exchange.ts";
import { negotiate, notAcceptableText } from "../http/accept.ts";
import { multipartReply } from "../http/multipart-writer.ts";
import type { StoredInstance } from "./dicom-store.ts";
import { readHeader } from "./header.ts";
import type { JsonDataset } from "./json-dataset.ts";
import { metadataModel } from "./metadata-model.ts";
import { headerOf, type StoreRequest } from "./store-request.ts";
import { notAcceptable, selected } from "./wado.ts";
import { nativeDicomModel } from "./xml-dataset.ts";

const answerTypes = [
  { type: "application/dicom+json" },
  { type: "multipart/related", root: "application/dicom+xml" },
] as const;

/** WADO-RS metadata (PS3.18 §10.4.1.1.2), with Google's absolute BulkDataURIs. */
export function retrieveMetadata(request: StoreRequest): Reply {
  const accept = headerOf(request, "accept");
  const answerType = negotiate(accept, answerTypes);
  if (answerType === undefined) return notAcceptable(notAcceptableText(accept, answerTypes));
  const instances = selected(request);
  if (answerType.type === "multipart/related") {
    const type = "application/dicom+xml";
    return multipartReply(
      type,
      instances.map((instance) => ({ type, read: () => xml(request, instance) })),
    );
  }
  return {
    status: 200,
    headers: { "content-type": "application/dicom+json; charset=utf-8" },
    body: jsonArray(request, instances),
  };
}

async function* jsonArray(request: StoreRequest, instances: readonly StoredInstance[]): AsyncGenerator<Buffer> {
  let before = "[";
  for (const instance of instances) {
    yield Buffer.from(before + JSON.stringify(await modelOf(request, instance)));
    before = ",";
  }
  yield Buffer.from("]");
}

async function* xml(request: StoreRequest, instance: StoredInstance): AsyncGenerator<Buffer> {
  yield Buffer.from(nativeDicomModel(await modelOf(request, instance)));
}

async function modelOf(request: StoreRequest, instance: StoredInstance): Promise<JsonDataset> {
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
  const path = `studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
  return metadataModel(await readHeader(instance), `${request.baseUrl}/${path}/bulkdata`);
}
