import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Search } from "../search.ts";

export interface SearchField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: "date";
}

/** Search fields, filled with the present search; empty ones are left out of the next. */
export function SearchForm({
  fields,
  search,
  onSearch,
}: {
  readonly fields: readonly SearchField[];
  readonly search: Search;
  readonly onSearch: (search: Search) => void;
}): VNode {
  const form = useRef<HTMLFormElement>(null);
  // Set when the search changes only: what is being typed outlives a reload of the page's list.
  useLayoutEffect(() => {
    for (const input of form.current?.querySelectorAll("input") ?? []) input.value = search[input.name] ?? "";
  }, [JSON.stringify(search)]);
  return (
    <form
      ref={form}
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const entries = [...new FormData(event.currentTarget)];
        const values = entries.map(([name, value]) => [name, typeof value === "string" ? value.trim() : ""] as const);
        onSearch(Object.fromEntries(values.filter(([, value]) => value !== "")));
      }}
    >
      {fields.map(({ name, label, hint, type }) => (
        <label key={name}>
          {label}
          {type === "date" ? (
            <input name={name} type="date" />
          ) : (
            <input name={name} type="text" placeholder={hint ?? ""} autocomplete="off" />
          )}
        </label>
      ))}
      <button type="submit">Search</button>
    </form>
  );
}
