import type { VNode } from "preact";

export interface SearchField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

/** Search fields; empty ones are left out. */
export function SearchForm({
  fields,
  onSearch,
}: {
  readonly fields: readonly SearchField[];
  readonly onSearch: (query: Readonly<Record<string, string>>) => void;
}): VNode {
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const entries = [...new FormData(event.currentTarget)];
        const values = entries.map(([name, value]) => [name, typeof value === "string" ? value.trim() : ""] as const);
        onSearch(Object.fromEntries(values.filter(([, value]) => value !== "")));
      }}
    >
      {fields.map(({ name, label, hint }) => (
        <label key={name}>
          {label}
          <input name={name} placeholder={hint ?? ""} autocomplete="off" />
        </label>
      ))}
      <button type="submit">Search</button>
    </form>
  );
}
