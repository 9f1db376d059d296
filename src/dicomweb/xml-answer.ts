import type { JsonModel } from "../dicom/json-model.ts";
import { toXmlModel } from "../dicom/xml-model.ts";
import { newBoundary, type OutgoingPart, writeMultipart } from "../http/multipart.ts";
import { stream } from "../http/reply.ts";
import type { Reply } from "../http/route.ts";
import { xmlModelType } from "./answer-format.ts";

/** Datasets, given as text in the DICOM JSON model, as `multipart/related` of Native DICOM Models (PS3.19 §A.1). */
export function xmlModels(models: Iterable<string> | AsyncIterable<string>): Reply {
  const boundary = newBoundary();
  return stream(
    `multipart/related; type="${xmlModelType}"; boundary=${boundary}`,
    writeMultipart(xmlParts(models), boundary),
  );
}

async function* xmlParts(models: Iterable<string> | AsyncIterable<string>): AsyncGenerator<OutgoingPart, void, void> {
  for await (const model of models) {
    // Written by this server a moment ago: its shape needs no check.
    const dataset = JSON.parse(model) as JsonModel;
    yield { headers: { "Content-Type": xmlModelType }, body: Buffer.from(toXmlModel(dataset)) };
  }
}
