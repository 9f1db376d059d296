/**
 * The error table: Orthanc's codes, HTTP statuses and generic texts (clients match on them).
 * `http` defaults to 500. Codes of plugins start at 1 000 000.
 */
interface ErrorRow {
  readonly code: number;
  readonly http?: number;
  readonly text: string;
}

export const errorTable = {
  InternalError: { code: -1, text: "Internal error" },
  Success: { code: 0, http: 200, text: "Success" },
  Plugin: { code: 1, text: "Error encountered within the plugin engine" },
  NotImplemented: { code: 2, text: "Not implemented yet" },
  ParameterOutOfRange: { code: 3, http: 400, text: "Parameter out of range" },
  NotEnoughMemory: { code: 4, text: "The server hosting Orthanc is running out of memory" },
  BadParameterType: { code: 5, http: 400, text: "Bad type for a parameter" },
  BadSequenceOfCalls: { code: 6, text: "Bad sequence of calls" },
  InexistentItem: { code: 7, http: 404, text: "Accessing an inexistent item" },
  BadRequest: { code: 8, http: 400, text: "Bad request" },
  NetworkProtocol: { code: 9, text: "Error in the network protocol" },
  SystemCommand: { code: 10, text: "Error while calling a system command" },
  Database: { code: 11, text: "Error with the database engine" },
  UriSyntax: { code: 12, http: 400, text: "Badly formatted URI" },
  InexistentFile: { code: 13, http: 404, text: "Inexistent file" },
  CannotWriteFile: { code: 14, text: "Cannot write to file" },
  BadFileFormat: { code: 15, http: 400, text: "Bad file format" },
  Timeout: { code: 16, text: "Timeout" },
  UnknownResource: { code: 17, http: 404, text: "Unknown resource" },
  IncompatibleDatabaseVersion: { code: 18, text: "Incompatible version of the database" },
  FullStorage: { code: 19, http: 507, text: "The file storage is full" },
  CorruptedFile: { code: 20, text: "Corrupted file (e.g. inconsistent MD5 hash)" },
  InexistentTag: { code: 21, http: 404, text: "Inexistent tag" },
  ReadOnly: { code: 22, text: "Cannot modify a read-only data structure" },
  IncompatibleImageFormat: { code: 23, text: "Incompatible format of the images" },
  IncompatibleImageSize: { code: 24, text: "Incompatible size of the images" },
  SharedLibrary: { code: 25, text: "Error while using a shared library (plugin)" },
  UnknownPluginService: { code: 26, text: "Plugin invoking an unknown service" },
  UnknownDicomTag: { code: 27, text: "Unknown DICOM tag" },
  BadJson: { code: 28, http: 400, text: "Cannot parse a JSON document" },
  Unauthorized: { code: 29, http: 401, text: "Bad credentials were provided to an HTTP request" },
  BadFont: { code: 30, text: "Badly formatted font file" },
  DatabasePlugin: {
    code: 31,
    text: "The plugin implementing a custom database back-end does not fulfill the proper interface",
  },
  StorageAreaPlugin: { code: 32, text: "Error in the plugin implementing a custom storage area" },
  EmptyRequest: { code: 33, text: "The request is empty" },
  NotAcceptable: {
    code: 34,
    http: 406,
    text: "Cannot send a response which is acceptable according to the Accept HTTP header",
  },
  NullPointer: { code: 35, text: "Cannot handle a NULL pointer" },
  DatabaseUnavailable: {
    code: 36,
    http: 503,
    text: "The database is currently not available (probably a transient situation)",
  },
  CanceledJob: { code: 37, text: "This job was canceled" },
  BadGeometry: { code: 38, text: "Geometry error encountered in Stone" },
  SslInitialization: { code: 39, text: "Cannot initialize SSL encryption, check out your certificates" },
  DiscontinuedAbi: { code: 40, text: "Calling a function that has been removed from the Orthanc Framework" },
  BadRange: { code: 41, http: 416, text: "Incorrect range request" },
  DatabaseCannotSerialize: {
    code: 42,
    http: 503,
    text: "Database could not serialize access due to concurrent update, the transaction should be retried",
  },
  Revision: {
    code: 43,
    http: 409,
    text: "A bad revision number was provided, which might indicate conflict between multiple writers",
  },
  MainDicomTagsMultiplyDefined: {
    code: 44,
    text: "A main DICOM Tag has been defined multiple times for the same resource level",
  },
  ForbiddenAccess: { code: 45, http: 403, text: "Access to a resource is forbidden" },
  DuplicateResource: { code: 46, http: 409, text: "Duplicate resource" },
  IncompatibleConfigurations: {
    code: 47,
    text: "Your configuration file contains configuration that are mutually incompatible",
  },
  SQLiteNotOpened: { code: 1000, text: "SQLite: The database is not opened" },
  SQLiteCannotOpen: { code: 1002, text: "SQLite: Unable to open the database" },
  DirectoryOverFile: { code: 2000, text: "The directory to be created is already occupied by a regular file" },
  FileStorageCannotWrite: { code: 2001, text: "Unable to create a subdirectory or a file in the file storage" },
  DirectoryExpected: { code: 2002, text: "The specified path does not point to a directory" },
  HttpPortInUse: { code: 2003, text: "The TCP port of the HTTP server is privileged or already in use" },
  DicomPortInUse: { code: 2004, text: "The TCP port of the DICOM server is privileged or already in use" },
  BadHttpStatusInRest: { code: 2005, text: "This HTTP status is not allowed in a REST API" },
  RegularFileExpected: { code: 2006, text: "The specified path does not point to a regular file" },
  PathToExecutable: { code: 2007, text: "Unable to get the path to the executable" },
  MakeDirectory: { code: 2008, text: "Cannot create a directory" },
  BadApplicationEntityTitle: {
    code: 2009,
    text: "An application entity title (AET) cannot be empty or be longer than 16 characters",
  },
  NoCFindHandler: { code: 2010, text: "No request handler factory for DICOM C-FIND SCP" },
  NoCMoveHandler: { code: 2011, text: "No request handler factory for DICOM C-MOVE SCP" },
  NoCStoreHandler: { code: 2012, text: "No request handler factory for DICOM C-STORE SCP" },
  NoApplicationEntityFilter: { code: 2013, text: "No application entity filter" },
  NoSopClassOrInstance: { code: 2014, text: "DicomUserConnection: Unable to find the SOP class and instance" },
  NoPresentationContext: {
    code: 2015,
    text: "DicomUserConnection: No acceptable presentation context for modality",
  },
  DicomFindUnavailable: {
    code: 2016,
    text: "DicomUserConnection: The C-FIND command is not supported by the remote SCP",
  },
  DicomMoveUnavailable: {
    code: 2017,
    text: "DicomUserConnection: The C-MOVE command is not supported by the remote SCP",
  },
  CannotStoreInstance: { code: 2018, text: "Cannot store an instance" },
  CreateDicomNotString: {
    code: 2019,
    http: 400,
    text: "Only string values are supported when creating DICOM instances",
  },
  CreateDicomOverrideTag: {
    code: 2020,
    http: 400,
    text: "Trying to override a value inherited from a parent module",
  },
  CreateDicomUseContent: {
    code: 2021,
    http: 400,
    text: 'Use "Content" to inject an image into a new DICOM instance',
  },
  CreateDicomNoPayload: { code: 2022, http: 400, text: "No payload is present for one instance in the series" },
  CreateDicomUseDataUriScheme: {
    code: 2023,
    http: 400,
    text: "The payload of the DICOM instance must be specified according to Data URI scheme",
  },
  CreateDicomBadParent: {
    code: 2024,
    http: 400,
    text: "Trying to attach a new DICOM instance to an inexistent resource",
  },
  CreateDicomParentIsInstance: {
    code: 2025,
    http: 400,
    text: "Trying to attach a new DICOM instance to an instance (must be a series, study or patient)",
  },
  CreateDicomParentEncoding: { code: 2026, text: "Unable to get the encoding of the parent resource" },
  UnknownModality: { code: 2027, text: "Unknown modality" },
  BadJobOrdering: { code: 2028, text: "Bad ordering of filters in a job" },
  CannotExecuteLua: { code: 2031, text: "Cannot execute a Lua command" },
  LuaBadOutput: { code: 2033, text: "The Lua function does not give the expected number of outputs" },
  NotLuaPredicate: { code: 2034, text: "The Lua function is not a predicate (only true/false outputs allowed)" },
  SslDisabled: { code: 2039, text: "Orthanc has been built without SSL support" },
  CannotOrderSlices: { code: 2040, text: "Unable to order the slices of the series" },
  NoWorklistHandler: { code: 2041, text: "No request handler factory for DICOM C-Find Modality SCP" },
  AlreadyExistingTag: { code: 2042, text: "Cannot override the value of a tag that already exists" },
  NoStorageCommitmentHandler: {
    code: 2043,
    text: "No request handler factory for DICOM N-ACTION SCP (storage commitment)",
  },
  NoCGetHandler: { code: 2044, text: "No request handler factory for DICOM C-GET SCP" },
  DicomGetUnavailable: {
    code: 2045,
    text: "DicomUserConnection: The C-GET command is not supported by the remote SCP",
  },
  UnsupportedMediaType: { code: 3000, http: 415, text: "Unsupported media type" },
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof errorTable;

/** The row of the table for `name`, with its HTTP status filled in. */
export function errorRow(name: ErrorName): Required<ErrorRow> {
  const row: ErrorRow = errorTable[name];
  return { code: row.code, http: row.http ?? 500, text: row.text };
}

export interface ServerErrorOptions {
  readonly cause?: unknown;
  /** `ErrorPayload` of Orthanc's error JSON, e.g. `{ Type: "Dimse", Content: … }`. */
  readonly payload?: object;
  /** Another HTTP status than the table's. */
  readonly http?: number;
}

/** An error that a client may see: a row of the table and, as `details`, what was wrong, where, and what was expected. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly row: Required<ErrorRow>;
  readonly details: string | undefined;
  readonly payload: object | undefined;
  readonly errorName: ErrorName;

  constructor(errorName: ErrorName, details?: string, options: ServerErrorOptions = {}) {
    const { http, ...rest } = errorRow(errorName);
    const row = { ...rest, http: options.http ?? http };
    super(details === undefined ? row.text : `${row.text}: ${details}`, { cause: options.cause });
    this.errorName = errorName;
    this.row = row;
    this.details = details;
    this.payload = options.payload;
  }
}
