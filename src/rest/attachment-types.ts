import { createNumberedNames, type NumberedNames, systemAttachments } from "./numbered-names.ts";

/** Names and media types of attachments. */
export interface AttachmentTypes {
  readonly names: NumberedNames;
  mediaType(type: number): string;
}

const systemMediaTypes: readonly (readonly [number, string])[] = [
  [systemAttachments.dicom, "application/dicom"],
  [systemAttachments["dicom-as-json"], "application/json; charset=utf-8"],
];

/** `user` is the option `UserContentType`: a number from 1024, or that number with a media type, by name. */
export function createAttachmentTypes(
  user: Readonly<Record<string, number | readonly [number, string]>>,
): AttachmentTypes {
  const rows = Object.entries(user).map(([name, type]) =>
    typeof type === "number" ? { name, number: type } : { name, number: type[0], mediaType: type[1] },
  );
  const mediaTypes = new Map([
    ...systemMediaTypes,
    ...rows.flatMap(({ number, mediaType }): [number, string][] =>
      mediaType === undefined ? [] : [[number, mediaType]],
    ),
  ]);
  return {
    names: createNumberedNames(systemAttachments, Object.fromEntries(rows.map(({ name, number }) => [name, number]))),
    mediaType: (type) => mediaTypes.get(type) ?? "application/octet-stream",
  };
}
