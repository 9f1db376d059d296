import type { Level } from "../catalog/catalog.ts";
import type { OrthancJsonFormat } from "../dicom/orthanc-json.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomRemote } from "./dicom-remote.ts";
import { keysJson } from "./query-json.ts";
import { levelTerms, queryRetrieveLevel, type QueryKeys } from "./query-identifier.ts";

/** Values by eight hexadecimal digits. */
type SavedKeys = Readonly<Record<string, string>>;

/** What became of one thing that was to be retrieved. */
export interface RetrieveDetail {
  /** Of the DIMSE operation; absent when there was none. */
  readonly status?: number;
  /** Orthanc's identifiers of the instances that came. */
  readonly instances: readonly string[];
}

/** The state of a `DicomMoveScu` or `DicomGetScu` job. */
export interface RetrieveScuState {
  readonly remote: DicomRemote;
  /** C-MOVE only: who is to receive. */
  readonly targetAet?: string;
  /** C-GET only: propose both roles in storage contexts. */
  readonly bothRoles?: boolean;
  readonly level: Level;
  readonly queries: readonly SavedKeys[];
  /** How the job's content prints the queries. */
  readonly format: OrthancJsonFormat;
  readonly permissive: boolean;
  /** Those before it have been dealt with. */
  readonly position: number;
  readonly details: readonly RetrieveDetail[];
}

/** What identifies a resource of each level for C-MOVE and C-GET (PS3.4 §C.4.2.1.4). */
const uniqueKeys: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [0x00100020],
  Study: [0x0020000d],
  Series: [0x0020000d, 0x0020000e],
  Instance: [0x0020000d, 0x0020000e, 0x00080018],
};

/** What the job's content shows of a C-FIND answer: QueryRetrieveLevel, AccessionNumber, and the identifiers of all levels. */
export const shownKeys: readonly Tag[] = [0x00080050, 0x00100020, ...uniqueKeys.Instance];
export const sopClassesInStudy: Tag = 0x00080062;

/** The state of a new job. Throws `BadRequest` when a resource is not identified. */
export function retrieveScuState(
  state: Omit<RetrieveScuState, "queries" | "position" | "details">,
  resources: readonly QueryKeys[],
): RetrieveScuState {
  const queries = resources.map((keys) => {
    const missing = uniqueKeys[state.level].find((tag) => (keys.get(tag) ?? "") === "");
    if (missing !== undefined) {
      throw new ServerError("BadRequest", `a resource of level ${state.level} needs the tag ${tagHex(missing)}`);
    }
    const withLevel = new Map([...keys, [queryRetrieveLevel, levelTerms[state.level]]]);
    return Object.fromEntries(Array.from(withLevel, ([tag, value]) => [tagHex(tag), value]));
  });
  return { ...state, queries, position: 0, details: [] };
}

/** The keys that go out for one of the queries, the level among them. */
export function retrieveKeys(level: Level, query: SavedKeys): QueryKeys {
  const tags = [queryRetrieveLevel, ...uniqueKeys[level]];
  return new Map(tags.map((tag) => [tag, query[tagHex(tag)] ?? ""]));
}

/** `SOPClassesInStudy` of a query. */
export function sopClassesOf(query: SavedKeys): readonly string[] {
  return (query[tagHex(sopClassesInStudy)] ?? "").split("\\").filter((uid) => uid !== "");
}

/** Orthanc's `Content`. */
export function retrieveContent(state: RetrieveScuState): Record<string, unknown> {
  return {
    Description: "REST API",
    LocalAet: state.remote.callingAet,
    RemoteAet: state.remote.calledAet,
    ...(state.targetAet === undefined ? {} : { TargetAet: state.targetAet }),
    Query: state.queries.map((query) => printedQuery(state, query)),
    Details: detailsContent(state),
  };
}

/** Orthanc's `Details`: an entry for each query that has been dealt with. */
export function detailsContent(state: RetrieveScuState): readonly object[] {
  return state.details.map(({ status, instances }, at) => ({
    ...(status === undefined ? {} : { DimseErrorStatus: status }),
    Query: printedQuery(state, state.queries[at] ?? {}),
    ReceivedInstancesIds: instances,
  }));
}

function printedQuery({ format }: RetrieveScuState, query: SavedKeys): object {
  const keys = Object.entries(query).map(([hex, value]): [Tag, string] => [Number.parseInt(hex, 16), value]);
  return keysJson(keys, format);
}
