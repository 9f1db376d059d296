import type { ComponentChildren, VNode } from "preact";

export interface Column {
  readonly title: string;
  /** `number` is aligned to the right, `minor` left out in a narrow window: its cells need the class as well. */
  readonly kind?: "number" | "minor" | "minor number";
}

/** A table that scrolls within itself where the window is too narrow for it. */
export function Table({
  label,
  columns,
  children,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class="scroll">
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, kind }) => (
              <th key={title} class={kind} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
