import { type SopClassKind, sopClasses } from "../dicom/sop-classes.ts";

const kinds: ReadonlyMap<string, SopClassKind> = new Map(sopClasses.map(({ uid, kind }) => [uid, kind]));

/** What a SOP class is for; undefined when it is not known. */
export function sopClassKind(uid: string): SopClassKind | undefined {
  return kinds.get(uid);
}
