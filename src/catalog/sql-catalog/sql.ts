/** What a column holds. */
export type SqlValue = string | number | null;

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * A connection inside a transaction. Statements are prepared once and kept by their text, so values are always bound, never
 * written into the text.
 */
export interface Sql {
  /** The first row; undefined when there is none. */
  get(text: string, ...values: readonly SqlValue[]): Row | undefined;
  all(text: string, ...values: readonly SqlValue[]): readonly Row[];
  /** All rows, as lists of values in the order of the columns: what many rows cost least in. */
  rows(text: string, values: readonly SqlValue[]): readonly (readonly SqlValue[])[];
  /** The same, one at a time, for those who stop early. */
  iterate(text: string, values: readonly SqlValue[]): Iterable<readonly SqlValue[]>;
  run(text: string, ...values: readonly SqlValue[]): { readonly changes: number; readonly insertedId: number };
}

/** The text in a column that is never NULL. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column}: expected text, found ${typeof value}`);
  return value;
}

/** The text in a column; undefined for NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** The number in a column that is never NULL. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`column ${column}: expected a number, found ${typeof value}`);
  return value;
}

/** The number in a column; undefined for NULL. */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}
