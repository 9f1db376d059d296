import type { VNode } from "preact";
import { attributeText, words } from "../format.ts";
import type { Tags } from "../model.ts";

/** Main DICOM tags by name. */
export function TagList({ title, tags }: { readonly title: string; readonly tags: Tags }): VNode {
  return (
    <section class="card">
      <h2>{title}</h2>
      <dl>
        {Object.entries(tags).map(([keyword, value]) => (
          <div key={keyword}>
            <dt>{words(keyword)}</dt>
            <dd class={keyword.endsWith("UID") ? "uid" : ""}>{attributeText(keyword, value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
