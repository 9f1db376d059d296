const tables = ["instances", "attachments"] as const;
const forms = ["uncompressed", "compressed"] as const;

/** An attachment's sum is an MD5 or a CRC-32. */
export const version3: readonly string[] = tables.flatMap((table) =>
  forms.map((form) => `ALTER TABLE ${table} RENAME COLUMN ${form}MD5 TO ${form}Checksum`),
);
