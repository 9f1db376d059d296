import { resolve } from "node:path";
import type { Configuration } from "../config/options.ts";
import { parseDictionaryFile } from "../dicom/dictionary-file.ts";
import { type OwnDictionary, setOwnDictionary } from "../dicom/dictionary.ts";
import { mainDicomTags, type MainDicomTags } from "../dicom/main-dicom-tags.ts";
import { readOwnAttributes } from "../dicom/own-attributes.ts";
import { readText } from "./read-text.ts";

/**
 * Sets what the process knows of attributes besides the built-in dictionaries, and gives the tags that are indexed: they may be named by it.
 * Throws `InexistentFile`, `ParameterOutOfRange`, `MainDicomTagsMultiplyDefined`.
 */
export async function readDictionaries(configuration: Configuration, folder: string): Promise<MainDicomTags> {
  setOwnDictionary(await ownDictionary(configuration, folder));
  return mainDicomTags(configuration.ExtraMainDicomTags);
}

/** What `LoadPrivateDictionary`, `ExternalDictionaries` and `Dictionary` add or leave out. */
async function ownDictionary(configuration: Configuration, folder: string): Promise<OwnDictionary> {
  const { ExternalDictionaries, Dictionary, DefaultPrivateCreator, LoadPrivateDictionary } = configuration;
  const files = await Promise.all(ExternalDictionaries.map((path) => readText(resolve(folder, path))));
  return {
    withVendors: LoadPrivateDictionary,
    attributes: [...files.flatMap(parseDictionaryFile), ...readOwnAttributes(Dictionary, DefaultPrivateCreator)],
  };
}
