import type { Tag } from "../../dicom/tag.ts";
import type { Action } from "../modify/modification.ts";

/**
 * Attributes that an information object needs although the profile removes or empties them. PS3.15 §E.1.1 has actions like X/Z/D for
 * them: as Type 2 they stay, empty; as Type 1 they get a dummy value, or stay with what the profile leaves of their items.
 */
interface RequiredRow {
  readonly tags: readonly Tag[];
  readonly action: "clear" | "dummy" | "items" | "map" | "remove";
  /** SOP classes of these objects; absent: the attributes occur in no others. */
  readonly sopClasses?: RegExp;
}

/** One of the storage SOP classes below `1.2.840.10008.5.1.4.1.1`. */
const storage = (...classes: readonly string[]): RegExp =>
  new RegExp(String.raw`^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(${classes.join("|").replaceAll(".", String.raw`\.`)})$`);

const any = "[0-9.]+";
const multiFrame = ["2.1", "2.2", "4.1", "4.2", "4.3", "4.4", "6.2", "12.1.1", "12.2.1", `13.1.${any}`, "30"];
const segmentations = ["66.4", "66.5", "66.6", "66.7"];
const microscopy = ["77.1.6", "77.1.7", "77.1.8"];
const positrons = ["128.1", "130"];
const ophthalmic = [`77.1.5.${any}`, `78.${any}`, `79.${any}`, `80.${any}`, `81.${any}`, "82.1"];
const reports = `88.${any}`;
const waveforms = `9.${any}`;
const documents = `104.${any}`;
const radiotherapy = `481.${any}`;
const meshes = ["104.3", "104.4", "104.5", "66.5", `68.${any}`];
const measuredReports = ["88.34", "88.35", "88.67", "88.68", "88.73", "88.74", "88.75", "88.76"];
const newerRadiotherapy = "481.[12][0-9]";
const newerPresentations = ["11.8", "11.9", "11.10", "11.11", "11.12"];
const contentElsewhere = ["14.1", "14.2", "66", "67", "68.1", "68.2", "91.1", reports, waveforms];

/** The tables of PS3.3 §C in which these attributes are of Type 1 or 2. */
const required: readonly RequiredRow[] = [
  // General equipment, enhanced (§C.7.5.2).
  {
    tags: [0x00181000],
    action: "dummy",
    sopClasses: storage(
      ...multiFrame,
      ...segmentations,
      ...microscopy,
      ...positrons,
      ...ophthalmic,
      ...meshes,
      ...measuredReports,
      ...newerPresentations,
      newerRadiotherapy,
      "14.1",
      "14.2",
      "67",
      "91.1",
    ),
  },
  // Content date and time of multi-frame functional groups (§C.7.6.16.1), reports, waveforms, mappings and annotations.
  {
    tags: [0x00080023, 0x00080033],
    action: "dummy",
    sopClasses: storage(
      ...multiFrame,
      ...segmentations,
      ...microscopy,
      ...positrons,
      ...ophthalmic,
      ...contentElsewhere,
    ),
  },
  {
    tags: [0x0008002a],
    action: "dummy",
    sopClasses: storage(...multiFrame, ...microscopy, ...positrons, ...ophthalmic, "14.1", "14.2", waveforms),
  },
  { tags: [0x0008002a], action: "clear", sopClasses: storage(documents) },
  // Frame content and acquisition context (§C.7.6.16.2.2, §C.7.6.14).
  { tags: [0x00189074, 0x00189151], action: "dummy" },
  { tags: [0x00400555], action: "clear" },
  // Reports and key objects (§C.17): without subsidiary items there is no sequence of them.
  { tags: [0x0040a730], action: "remove" },
  { tags: [0x00081111], action: "clear", sopClasses: storage(reports) },
  { tags: [0x0040a073], action: "items" },
  { tags: [0x0040a027, 0x0040a030, 0x0040a075], action: "dummy" },
  // PET series and image (§C.8.9).
  { tags: [0x00080021, 0x00080031], action: "dummy", sopClasses: storage("128") },
  { tags: [0x00080022, 0x00080032], action: "clear", sopClasses: storage("128") },
  // Radiotherapy (§C.8.8).
  { tags: [0x00081070], action: "clear", sopClasses: storage(radiotherapy) },
  { tags: [0x30060002, 0x300a0002], action: "dummy" },
  { tags: [0x300a0006, 0x300a0007, 0x300a00b2, 0x300e0008], action: "clear" },
  // Specimens, annotations, presentation states, hanging protocols, documents, codes.
  { tags: [0x00400512, 0x00400551, 0x006a0005, 0x00700082, 0x00700083, 0x0072000a], action: "dummy" },
  { tags: [0x006a0003], action: "map" },
  { tags: [0x0040100a], action: "clear", sopClasses: /^1\.2\.840\.10008\.5\.1\.4\.38\.1$/ },
  { tags: [0x00420011, 0x00080106], action: "dummy" },
  { tags: [0x00102297, 0x00102299], action: "clear" },
];

/** The profile's actions with those changed that objects of the SOP class need otherwise; never one that leaves more of a value. */
export function conforming(actions: ReadonlyMap<Tag, Action>, sopClassUID: string): Map<Tag, Action> {
  const changed = new Map(actions);
  for (const { tags, action, sopClasses } of required) {
    if (sopClasses?.test(sopClassUID) === false) continue;
    for (const tag of tags) if (changed.has(tag)) changed.set(tag, { kind: action });
  }
  return changed;
}
