import type { VNode } from "preact";
import type { Tags } from "../model.ts";

/** Main DICOM tags by name. */
export function TagList({ title, tags }: { readonly title: string; readonly tags: Tags }): VNode {
  return (
    <section class="tags">
      <h2>{title}</h2>
      <dl>
        {Object.entries(tags).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value === "" || value === undefined ? "–" : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
