/** The import table of docs/ARCHITECTURE.md. Each rule says what to do instead. */
const only = (from, allowed, comment) => ({
  name: `${from.replace(/\W+/g, "-")}-imports`,
  severity: "error",
  comment,
  from: { path: `^src/${from}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: `^src/(${[from, ...allowed].join("|")})(/|\\.ts$)` },
});

/** What an HTTP surface may use. */
const surface = [
  "archive",
  "remotes",
  "http",
  "jobs/job",
  "jobs/job-request",
  "pixels",
  "dicom",
  "catalog/catalog",
  "storage/storage",
  "util",
];

export default {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "Move what both need into a third file.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "Nothing uses this file: delete it.",
      from: { orphan: true, pathNot: "\\.(test|config)\\.ts$|\\.d\\.ts$|^src/main\\.ts$|^tools/|^test/" },
      to: {},
    },
    {
      name: "not-to-dev-dependency",
      severity: "error",
      comment: "The server runs with `npm ci --omit=dev`.",
      from: { path: "^src", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "server-is-the-root",
      severity: "error",
      comment: "Take what you need as a parameter; server.ts hands it over.",
      from: { path: "^src/(?!main\\.ts|run\\.ts|server\\.ts|server/)", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/server(\\.ts$|/)" },
    },
    only("util", [], "util knows nothing of the rest."),
    only("config", ["util"], "config only reads options."),
    only("dicom", ["util"], "dicom is bytes and datasets; no server knowledge."),
    only("http", ["util"], "http moves requests and replies; put DICOM knowledge in rest/ or dicomweb/."),
    only("jobs", ["util"], "the engine knows no job; job types live in archive/ and remotes/."),
    only("storage", ["util"], "storage keeps bytes; it does not know what they are."),
    only("pixels", ["dicom", "util"], "pixels sees frames and tags only."),
    only(
      "dimse",
      ["dicom", "util"],
      "dimse moves command sets and bytes; put what is done with them in scp/ or remotes/.",
    ),
    only(
      "scp",
      [
        "archive",
        "remotes",
        "dimse",
        "jobs/job",
        "jobs/job-request",
        "pixels",
        "dicom",
        "catalog/catalog",
        "storage/storage",
        "util",
      ],
      "scp answers DICOM requests; what HTTP needs too belongs in archive/ or remotes/.",
    ),
    only("catalog", ["storage/storage", "dicom", "util"], "the catalog speaks in domain words; it opens no blobs."),
    only(
      "archive",
      ["catalog/catalog", "storage/storage", "pixels", "dicom", "jobs", "util"],
      "use the seams; server.ts chooses the implementation.",
    ),
    only(
      "remotes",
      ["archive", "catalog/catalog", "storage/storage", "dimse", "http", "jobs", "dicom", "util"],
      "remotes never depends on a REST surface.",
    ),
    only(
      "lua",
      ["archive", "catalog/catalog", "dicom", "http", "jobs/job", "util"],
      "lua runs scripts; what they reach is handed over by server/lua.ts, what they ask for is done there.",
    ),
    only("rest", surface, "rest and dicomweb share through archive/."),
    only("dicomweb", surface, "rest and dicomweb share through archive/."),
    {
      name: "plugins-use-the-plugin-api",
      severity: "error",
      comment: "A plugin imports plugin-api.ts and its own folder only.",
      from: { path: "^src/plugins/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/", pathNot: "^src/(plugin-api\\.ts$|plugins/$1/)" },
    },
    {
      name: "sqlite-in-one-place",
      severity: "error",
      comment: "Only catalog/sqlite opens databases.",
      from: { path: "^src", pathNot: "^src/catalog/sqlite|\\.test\\.ts$" },
      to: { path: "^(node:)?sqlite$" },
    },
    {
      name: "sockets-in-two-places",
      severity: "error",
      comment: "Sockets live in dimse/ and http/.",
      from: { path: "^src", pathNot: "^src/(dimse|http)/|\\.test\\.ts$" },
      to: { path: "^(node:)?(net|tls|https)$" },
    },
    {
      name: "codecs-in-threads",
      severity: "error",
      comment: "Hand a frame to the CodecPool: codecs block the event loop, and their memory never shrinks.",
      from: {
        path: "^src",
        pathNot: "^src/pixels/(codecs(/|\\.ts$)|codec-worker\\.ts$|frame-task\\.ts$)|\\.test\\.ts$",
      },
      to: {
        path: "^src/pixels/(codecs/(jpeg|jpeg-2000|jpeg-ls|jpeg-xl|ht-jpeg-2000|native-codecs)|frame-task)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "files-in-few-places",
      severity: "error",
      comment: "Take a BlobStorage, or read through PluginServer.readText.",
      from: {
        path: "^src",
        pathNot:
          "^src/(main\\.ts|runtime\\.ts|run\\.ts|server\\.ts|server/|config/|storage/filesystem|http/static|plugins/serve-folders/|plugins/worklists/|catalog/sqlite|pixels/codecs/native-codecs|lua/thread/file-functions|util/log-)|\\.test\\.ts$",
      },
      to: { path: "^(node:)?fs(/promises)?$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(ui/|dist-ui/)" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node"],
    },
  },
};
