/** Adds what plugins and scripts keep: values by store and key. */
export const version2: readonly string[] = [
  "CREATE TABLE keyValues (store TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (store, key))",
];
