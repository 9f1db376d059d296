import packageJson from "../../package.json" with { type: "json" };
import type { ZipImport } from "../archive/zip-import.ts";
import type { FileForm } from "../archive/modify/rewrite-file.ts";
import type { FindParts } from "../archive/find.ts";
import type { Configuration } from "../config/options.ts";
import type { Route } from "../http/route.ts";
import { createAttachmentTypes } from "../rest/attachment-types.ts";
import { anonymizeRoutes } from "../rest/anonymize-routes.ts";
import { archiveRoutes } from "../rest/archive-routes.ts";
import { attachmentsRoutes } from "../rest/attachments-routes.ts";
import { bulkRoutes } from "../rest/bulk-routes.ts";
import { changesRoutes } from "../rest/changes-routes.ts";
import { contentRoutes } from "../rest/content-routes.ts";
import { createDicomRoutes } from "../rest/create-dicom-routes.ts";
import { descendantsTagsRoutes } from "../rest/descendants-tags-routes.ts";
import { exportRoutes } from "../rest/export-routes.ts";
import { exportsRoutes } from "../rest/exports-routes.ts";
import { fileRoutes } from "../rest/file-routes.ts";
import { findRoutes } from "../rest/find-routes.ts";
import { framesRoutes } from "../rest/frames-routes.ts";
import { jobsRoutes } from "../rest/jobs-routes.ts";
import { labelsRoutes } from "../rest/labels-routes.ts";
import { logLevelRoutes } from "../rest/log-level-routes.ts";
import { lookupRoutes } from "../rest/lookup-routes.ts";
import { matlabRoutes } from "../rest/matlab-routes.ts";
import { mergeRoutes } from "../rest/merge-routes.ts";
import { metadataRoutes } from "../rest/metadata-routes.ts";
import { metricsRoutes } from "../rest/metrics-routes.ts";
import { modifyRoutes } from "../rest/modify-routes.ts";
import { createNumberedNames, systemMetadata } from "../rest/numbered-names.ts";
import { peersRoutes } from "../rest/peers-routes.ts";
import { numpyRoutes } from "../rest/numpy-routes.ts";
import { orderedSlicesRoutes } from "../rest/ordered-slices-routes.ts";
import { pdfRoutes } from "../rest/pdf-routes.ts";
import { pictureRoutes } from "../rest/picture-routes.ts";
import { pluginsRoutes, type RunningPluginInfo } from "../rest/plugins-routes.ts";
import { processRoutes } from "../rest/process-routes.ts";
import { protectedRoutes } from "../rest/protected-routes.ts";
import { reconstructRoutes } from "../rest/reconstruct-routes.ts";
import { resourcesRoutes } from "../rest/resources-routes.ts";
import { splitRoutes } from "../rest/split-routes.ts";
import { statisticsRoutes } from "../rest/statistics-routes.ts";
import { systemRoutes } from "../rest/system-routes.ts";
import { createTagPrinter } from "../rest/tag-json.ts";
import { tagsRoutes } from "../rest/tags-routes.ts";
import { toolsRoutes } from "../rest/tools-routes.ts";
import { uploadRoutes } from "../rest/upload-routes.ts";
import { webDavRoutes } from "../rest/webdav/webdav-routes.ts";
import { ingestTranscoding } from "./archive-options.ts";
import { processControl } from "./process-control.ts";
import type { Images, RouteParts } from "./routes.ts";
import { systemInfo } from "./system-info.ts";
import { writeFile } from "./write-file.ts";

/** The archive's searches and its import of ZIP archives, with their options bound. */
export interface Search {
  readonly find: FindParts;
  readonly importZip: ZipImport;
}

/** Orthanc's REST API. */
export function restRoutes(parts: RouteParts, { find, importZip }: Search, images: Images): readonly Route[] {
  const { archive, catalog, configuration, encoding, jobs, logs } = parts;
  const metadataNames = createNumberedNames(systemMetadata, configuration.UserMetadata);
  const common = {
    archive,
    catalog,
    find,
    printer: { tags: createTagPrinter(), metadataNames },
    checkRevisions: configuration.CheckRevisions,
  };
  return [
    ...systemRoutes({ system: systemInfo(configuration, parts.tags, parts.identifier) }),
    ...statisticsRoutes(common),
    ...pluginsRoutes({ plugins: pluginInfos(parts) }),
    ...processRoutes({ process: processControl(logs.category("generic")) }),
    ...toolsRoutes({ subject: { name: configuration.Name, version: packageJson.version }, defaultEncoding: encoding }),
    ...logLevelRoutes({ logs }),
    ...metricsRoutes({ ...parts, startTime: Date.now(), enabled: configuration.MetricsEnabled }),
    ...jobsRoutes({ jobs }),
    ...changesRoutes(common),
    ...exportsRoutes(common),
    ...exportRoutes({
      archive,
      writeFile: configuration.RestApiWriteToFileSystemEnabled ? writeFile : undefined,
    }),
    ...uploadRoutes({ archive, importZip }),
    ...resourcesRoutes(common),
    ...findRoutes(common),
    ...bulkRoutes(common),
    ...lookupRoutes(common),
    ...fileRoutes({ archive, transcoding: parts.transcoding }),
    ...framesRoutes(images),
    ...pictureRoutes(images),
    ...numpyRoutes({ ...common, ...images, framesAhead: parts.codecPool.size }),
    ...matlabRoutes(images),
    ...pdfRoutes(common),
    ...orderedSlicesRoutes(common),
    ...tagsRoutes(common),
    ...contentRoutes(common),
    ...descendantsTagsRoutes(common),
    ...metadataRoutes({ ...common, metadataNames }),
    ...attachmentsRoutes({ ...common, attachmentTypes: createAttachmentTypes(configuration.UserContentType) }),
    ...labelsRoutes(common),
    ...protectedRoutes(common),
    ...archiveRoutes(parts.archives.routes),
    ...peersRoutes(parts.peers),
    ...modifyRoutes(parts.derivations),
    ...anonymizeRoutes(parts.derivations),
    ...splitRoutes(parts.derivations),
    ...mergeRoutes(parts.derivations),
    ...createDicomRoutes({
      archive,
      catalog,
      codecs: parts.codecPool,
      defaultCharset: () => encoding.charset(),
      privateCreator: configuration.DefaultPrivateCreator,
    }),
    ...reconstructRoutes({ ...common, transcoding: parts.transcoding, files: fileForm(parts) }),
    ...(configuration.WebDavEnabled ? webDavRoutes({ ...common, importZip, ...webDavRights(configuration) }) : []),
  ];
}

function webDavRights({ ReadOnly, WebDavDeleteAllowed, WebDavUploadAllowed }: Configuration) {
  return { canDelete: WebDavDeleteAllowed && !ReadOnly, canUpload: WebDavUploadAllowed && !ReadOnly };
}

function fileForm({ configuration, codecPool, logs }: RouteParts): FileForm {
  const { ingestTranscoding: transcoding } = ingestTranscoding(configuration, codecPool, logs.category("generic"));
  return { compressed: configuration.StorageCompression, transcoding };
}

/** The plugins that run, and DICOMweb, which was a plugin in Orthanc: clients ask for it by that name. */
function pluginInfos({ configuration, plugins }: RouteParts): readonly RunningPluginInfo[] {
  const dicomWeb = {
    id: "dicom-web",
    version: packageJson.version,
    description: "Implementation of DICOMweb (QIDO-RS, STOW-RS and WADO-RS) and WADO-URI",
  };
  return [...(configuration.DicomWeb.Enable ? [dicomWeb] : []), ...plugins.plugins];
}
