import type { Archive, Origin } from "../archive/archive.ts";
import type { IngestFilter } from "../archive/ingest.ts";
import { RefusedInstance } from "../archive/refused-instance.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { datasetFromJson } from "../dicom/from-orthanc-json.ts";
import { toOrthancJson } from "../dicom/orthanc-json.ts";
import type { ParsedDicom } from "../dicom/parse.ts";
import type { Interceptor } from "../http/answer.ts";
import { ServerError } from "../util/errors.ts";
import type { LuaThread } from "./lua-thread.ts";
import type { CallbackName, LuaData } from "./protocol.ts";

/** Who asks a DICOM question. */
export interface QueryOrigin {
  readonly remoteIp: string;
  readonly callingAet: string;
  readonly calledAet: string;
}

/** May change a query, e.g. the identifier of a C-FIND. */
export type QueryFilter = (query: Dataset, origin: QueryOrigin) => Promise<Dataset>;

export interface LuaFiltersParts {
  readonly thread: Pick<LuaThread, "call" | "defines">;
  /** `DefaultEncoding` at the moment: of texts in queries that scripts make. */
  readonly defaultCharset: () => SpecificCharacterSet;
  /** The manufacturer of a modality with this title, as configured. */
  readonly manufacturerOf: (aet: string) => string;
}

/** The filters of scripts, at the seams of the server. One that no script defines lets everything through, at once. */
export interface LuaFilters {
  readonly ingest: IngestFilter;
  readonly http: Interceptor;
  readonly incomingFind: QueryFilter;
  readonly incomingWorklist: QueryFilter;
  /** The keys of a query, changed as a script wants. `query`: tags like `0010,0010` and their texts. */
  readonly outgoingFind: (query: Readonly<Record<string, string>>, aet: string) => Promise<Record<string, string>>;
  /** Whether a stored instance may be sent to the modality of this title. */
  readonly outgoingStore: (archive: Pick<Archive, "header">, instance: string, aet: string) => Promise<boolean>;
}

/** The status of C-STORE for what a script that fails was asked about (PS3.4 Table B.2-1), as in Orthanc: out of resources. */
const failedScript = 0xa700;

export function createLuaFilters(parts: LuaFiltersParts): LuaFilters {
  const { thread } = parts;
  const predicate = async (callback: CallbackName, args: readonly LuaData[]): Promise<boolean> => {
    const { value } = await thread.call(callback, args);
    if (typeof value !== "boolean") throw new ServerError("NotLuaPredicate", callback);
    return value;
  };
  const replaced = async (callback: CallbackName, args: readonly LuaData[]): Promise<object> => {
    const { value } = await thread.call(callback, args);
    if (typeof value === "object" && value !== null) return value;
    throw new ServerError("LuaBadOutput", `${callback} must return a table`);
  };
  const queryFilter =
    (callback: CallbackName): QueryFilter =>
    async (query, origin) => {
      if (!thread.defines(callback)) return query;
      const tags = toOrthancJson(query, "short", { maximumLength: 0 }) as LuaData;
      const changed = await replaced(callback, [tags, queryOrigin(parts, origin)]);
      return datasetFromJson(changed, { charset: parts.defaultCharset() });
    };
  return {
    ingest: ({ header, origin }) => admits(thread, predicate, header, origin),
    async http({ method, path, remoteIp, username = "", headers }) {
      if (!thread.defines("IncomingHttpRequestFilter")) return undefined;
      const args = [method, path, remoteIp, username, headers as Record<string, string>];
      const isAllowed = await predicate("IncomingHttpRequestFilter", args);
      return isAllowed ? undefined : { status: 403, body: "" };
    },
    incomingFind: queryFilter("IncomingFindRequestFilter"),
    incomingWorklist: queryFilter("IncomingWorklistRequestFilter"),
    async outgoingFind(query, aet) {
      if (!thread.defines("OutgoingFindRequestFilter")) return query;
      const changed = await replaced("OutgoingFindRequestFilter", [query, aet]);
      return Object.fromEntries(Object.entries(changed).map(([tag, text]) => [tag, String(text)]));
    },
    async outgoingStore(archive, instance, aet) {
      if (!thread.defines("OutgoingCStoreInstanceFilter")) return true;
      const header = await archive.header(instance);
      return header === undefined || predicate("OutgoingCStoreInstanceFilter", [tagsOf(header.dataset), aet]);
    },
  };
}

async function admits(
  thread: LuaFiltersParts["thread"],
  predicate: (callback: CallbackName, args: readonly LuaData[]) => Promise<boolean>,
  header: ParsedDicom,
  origin: Origin,
): Promise<boolean> {
  const isDicom = origin.kind === "DicomProtocol";
  const asksAll = thread.defines("ReceivedInstanceFilter");
  const asksStatus = isDicom && thread.defines("ReceivedCStoreInstanceFilter");
  if (!asksAll && !asksStatus) return true;
  const info = { HasPixelData: header.pixelDataOffset !== undefined, TransferSyntaxUID: header.transferSyntaxUID };
  const args = [tagsOf(header.dataset), originOf(origin), info];
  try {
    if (asksAll && !(await predicate("ReceivedInstanceFilter", args))) return false;
    if (asksStatus) refuseUnlessZero((await thread.call("ReceivedCStoreInstanceFilter", args)).value);
    return true;
  } catch (cause) {
    if (!isDicom || cause instanceof RefusedInstance) throw cause;
    throw new RefusedInstance(failedScript, cause instanceof Error ? cause.message : String(cause));
  }
}

function refuseUnlessZero(status: LuaData): void {
  if (typeof status !== "number" || !Number.isInteger(status) || status < 0 || status > 0xffff) {
    throw new ServerError("LuaBadOutput", "ReceivedCStoreInstanceFilter must return a status from 0 to 65535");
  }
  if (status !== 0) throw new RefusedInstance(status, "a Lua script refuses it");
}

/** The tags of an instance by name, as scripts get them. */
export function tagsOf(dataset: Dataset): LuaData {
  return toOrthancJson(dataset, "simple") as LuaData;
}

/** Where an instance comes from, as scripts get it. */
export function originOf({ kind, remoteIp = "", remoteAet = "", calledAet = "", username = "" }: Origin): LuaData {
  if (kind === "DicomProtocol") {
    return { RequestOrigin: kind, RemoteIp: remoteIp, RemoteAet: remoteAet, CalledAet: calledAet };
  }
  if (kind === "RestApi" || kind === "WebDav") {
    return { RequestOrigin: kind, RemoteIp: remoteIp, Username: username };
  }
  return { RequestOrigin: kind };
}

function queryOrigin({ manufacturerOf }: LuaFiltersParts, origin: QueryOrigin): LuaData {
  const { remoteIp, callingAet, calledAet } = origin;
  return {
    RemoteIp: remoteIp,
    RemoteAet: callingAet,
    CalledAet: calledAet,
    Manufacturer: manufacturerOf(callingAet),
  };
}
