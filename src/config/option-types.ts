import { z } from "zod";

/** What values an option may have: its zod schema, and the words of a message or of the manual for it. */
export interface OptionType<Value> {
  readonly schema: z.ZodType<Value>;
  /** As in "expected …". */
  readonly expected: string;
  /** The value (each value, of a map) is a path, relative to the configuration file. */
  readonly path?: true;
}

/** `true` or `false`. */
export const boolean: OptionType<boolean> = { schema: z.boolean(), expected: "true or false" };

/** Switches that Orthanc's users also write as text, such as `"HasDelete": "1"`. */
export const lenientBoolean: OptionType<boolean> = {
  schema: z.union([
    z.boolean(),
    z.enum(["true", "1", "false", "0"]).transform((word) => word === "true" || word === "1"),
  ]),
  expected: "true or false",
};

/** Any text. */
export const text: OptionType<string> = { schema: z.string(), expected: "a string" };

/** The path of a file or folder; "" means none. */
export const path: OptionType<string> = { schema: z.string(), expected: "a path", path: true };

/** A whole number within the limits, both included. */
export function integer(minimum: number, maximum: number): OptionType<number> {
  return { schema: z.int().min(minimum).max(maximum), expected: `a whole number from ${minimum} to ${maximum}` };
}

/** A whole number that is not negative: counts, sizes, seconds. */
export const count: OptionType<number> = { schema: z.int().min(0), expected: "a whole number, 0 or more" };

/** A TCP port; 0 lets the operating system choose one. */
export const port: OptionType<number> = integer(0, 65535);

/** A TCP port, which Orthanc's users also write as text. */
export const lenientPort: OptionType<number> = {
  schema: z.union([
    port.schema,
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .refine((value) => value <= 65535),
  ]),
  expected: port.expected,
};

/** One of a few words, spelled exactly so. */
export function oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]): OptionType<Word> {
  return { schema: z.enum(words), expected: `one of ${words.map((word) => `"${word}"`).join(", ")}` };
}

/** `OverwriteInstances`: a word in newer versions of Orthanc, a boolean in older ones. */
export const overwriteMode: OptionType<"Never" | "Always" | "IfChanged"> = {
  schema: z.union([
    z.enum(["Never", "Always", "IfChanged"]),
    z.boolean().transform((always): "Never" | "Always" => (always ? "Always" : "Never")),
  ]),
  expected: 'one of "Never", "Always", "IfChanged", true, false',
};

/** A list of texts. */
export const texts: OptionType<readonly string[]> = { schema: z.array(z.string()), expected: "an array of strings" };

/** An object whose members are all texts. */
export const textMap: OptionType<Readonly<Record<string, string>>> = {
  schema: z.record(z.string(), z.string()),
  expected: "an object of strings",
};

/** An object whose members are all paths. */
export const pathMap: OptionType<Readonly<Record<string, string>>> = { ...textMap, path: true };

/** A list of anything. */
export const list: OptionType<readonly unknown[]> = { schema: z.array(z.unknown()), expected: "an array" };

/** An object with members of any kind. */
export const map: OptionType<Readonly<Record<string, unknown>>> = {
  schema: z.record(z.string(), z.unknown()),
  expected: "an object",
};

/** `ExtraMainDicomTags`: the levels and their tags, by keyword or hexadecimal. */
export const tagsByLevel: OptionType<
  Readonly<Partial<Record<"Patient" | "Study" | "Series" | "Instance", readonly string[]>>>
> = {
  schema: z.strictObject({
    Patient: z.array(z.string()).readonly().exactOptional(),
    Study: z.array(z.string()).readonly().exactOptional(),
    Series: z.array(z.string()).readonly().exactOptional(),
    Instance: z.array(z.string()).readonly().exactOptional(),
  }),
  expected: 'an object with arrays of strings under "Patient", "Study", "Series", "Instance"',
};

const userCode = z.int().min(1024).max(65535);

/** `UserMetadata`: a name and its number, 1024 to 65535. */
export const metadataCodes: OptionType<Readonly<Record<string, number>>> = {
  schema: z.record(z.string(), userCode),
  expected: "an object of whole numbers from 1024 to 65535",
};

/** `UserContentType`: a name and its number, alone or with a MIME type. */
export const contentTypeCodes: OptionType<Readonly<Record<string, number | readonly [number, string]>>> = {
  schema: z.record(z.string(), z.union([userCode, z.tuple([userCode, z.string()])])),
  expected: "an object of whole numbers from 1024 to 65535, or of [number, MIME type]",
};

/** The same, but the option may be left out and then has no value. */
export function unset<Value>(type: OptionType<Value>): OptionType<Value | undefined> {
  return { ...type, schema: type.schema.optional() };
}

/** The same, but `null` is a value too. */
export function nullable<Value>(type: OptionType<Value>): OptionType<Value | null> {
  return { ...type, schema: type.schema.nullable(), expected: `${type.expected} or null` };
}
