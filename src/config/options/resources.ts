import { implemented } from "../option.ts";
import {
  boolean,
  contentTypeCodes,
  count,
  map,
  metadataCodes,
  oneOf,
  tagsByLevel,
  text,
  texts,
} from "../option-types.ts";

/** How patients, studies, series and instances are indexed, found and described. */
export const resourceOptions = {
  StableAge: implemented(
    count,
    60,
    "Seconds without a new instance after which a patient, study or series is called stable",
  ),
  DefaultEncoding: implemented(
    oneOf(
      "Ascii",
      "Utf8",
      "Latin1",
      "Latin2",
      "Latin3",
      "Latin4",
      "Latin5",
      "Cyrillic",
      "Windows1251",
      "Arabic",
      "Greek",
      "Hebrew",
      "Thai",
      "Japanese",
      "Chinese",
      "JapaneseKanji",
      "Korean",
      "SimplifiedChinese",
    ),
    "Latin1",
    "Character set of texts in files without SpecificCharacterSet",
  ),
  ExtraMainDicomTags: implemented(tagsByLevel, {}, "Tags to index besides the default ones, by level"),
  UserMetadata: implemented(metadataCodes, {}, "Names of own metadata and their numbers"),
  UserContentType: implemented(
    contentTypeCodes,
    {},
    "Names of own attachments and their numbers, or number and MIME type",
  ),
  CheckRevisions: implemented(
    boolean,
    false,
    "Refuse a change of metadata or attachments whose If-Match is missing or outdated",
  ),
  PatientLevelEnabled: implemented(
    boolean,
    true,
    "Offer patients in the REST API and check that studies agree about them",
  ),
  LimitFindResults: implemented(
    count,
    0,
    "Most answers of /tools/find and C-FIND for patients, studies and series; 0: no limit",
  ),
  LimitFindInstances: implemented(count, 0, "Most answers of /tools/find and C-FIND for instances; 0: no limit"),
  StorageAccessOnFind: implemented(
    oneOf("Always", "Never", "Answers"),
    "Always",
    "When a search may read stored files: Always, Never, or only for tags of its Answers",
  ),
  CaseSensitivePN: implemented(boolean, false, "Heed the case of letters in names of persons"),
  LoadPrivateDictionary: implemented(boolean, true, "Know the private tags of vendors that DCMTK's dictionary has"),
  Dictionary: implemented(
    map,
    {},
    'Own tags: "gggg,eeee" and [VR, name, minimum, maximum multiplicity, private creator]',
  ),
  DefaultPrivateCreator: implemented(text, "", "Private creator assumed for private tags"),
  ExternalDictionaries: implemented(texts, [], "Dictionary files in DCMTK's format"),
};
