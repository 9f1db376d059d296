import type { Reply } from "../http/exchange.ts";
import { GoogleError } from "../http/google-error.ts";
import type { StoredInstance } from "./dicom-store.ts";
import type { StoreRequest } from "./store-request.ts";

/** `DELETE` of a study or series: an operation. While it is pending, nothing is taken into what it deletes. */
export async function deleteMany(request: StoreRequest): Promise<Reply> {
  const { store, selection, operations } = request;
  const removed = takeOut(request);
  store.beginDeletion(selection);
  await removeBytes(removed);
  const dataset = store.name.slice(0, store.name.indexOf("/dicomStores/"));
  const method = selection.series === undefined ? "DeleteStudy" : "DeleteSeries";
  return operations.begin(dataset, method, () => store.endDeletion(selection));
}

/** `DELETE` of an instance: done at once. */
export async function deleteInstance(request: StoreRequest): Promise<Reply> {
  await removeBytes(takeOut(request));
  return { status: 200, headers: { "content-type": "application/json; charset=UTF-8" }, body: "" };
}

function takeOut(request: StoreRequest): StoredInstance[] {
  const removed = request.store.remove(request.selection, request.settings.now());
  if (removed.length === 0) throw new GoogleError("NOT_FOUND", "dicomWeb: the resource to delete does not exist");
  return removed;
}

async function removeBytes(instances: readonly StoredInstance[]): Promise<void> {
  await Promise.all(instances.map((instance) => instance.bytes.remove()));
}
