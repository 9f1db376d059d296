/** `Content-Type` by file name extension: Orthanc's table for served folders, and what web applications need besides. */
export const mimeTypes: Readonly<Record<string, string>> = {
  css: "text/css",
  csv: "text/csv; charset=utf-8",
  dcm: "application/dicom",
  gif: "image/gif",
  htm: "text/html; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "application/javascript",
  json: "application/json",
  map: "application/json",
  md: "text/markdown; charset=utf-8",
  mjs: "application/javascript",
  mp4: "video/mp4",
  nexe: "application/x-nacl",
  nmf: "application/json",
  pdf: "application/pdf",
  pexe: "application/x-pnacl",
  png: "image/png",
  svg: "image/svg+xml",
  ttf: "font/ttf",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xml: "application/xml",
};

/** The type of a file by its name; `own` extensions (in lower case, without dot) come first. */
export function mimeTypeOf(fileName: string, own: Readonly<Record<string, string>> = {}): string {
  const dot = fileName.lastIndexOf(".");
  const extension = dot < 0 ? "" : fileName.slice(dot + 1).toLowerCase();
  if (Object.hasOwn(own, extension)) return own[extension] ?? "application/octet-stream";
  return (Object.hasOwn(mimeTypes, extension) ? mimeTypes[extension] : undefined) ?? "application/octet-stream";
}
