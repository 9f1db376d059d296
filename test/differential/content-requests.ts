import type { ComparedRequest } from "./compare.ts";
import type { CorpusInstance, StoredTag } from "./corpus-resources.ts";

const mostPerInstance = 30;

/** What `/instances/{id}/content` leads to: all attributes, and down into the sequences, as far as the limit. */
export function contentRequests({ instance, tags }: CorpusInstance): readonly ComparedRequest[] {
  const root = `GET /instances/${instance}/content`;
  const below = [...pathsIn(tags)].slice(0, mostPerInstance).map((path) => ({ target: `${root}/${path}` }));
  const pixels = ["7fe0-0010", "7fe0-0010/0", "7fe0-0010/1", "7fe0-0010/x", "7fe00010", "PixelData"];
  const odd = ["0010-0010/0", "0010-9999", "NoSuchTag", "0008-1140/5", "0008-1140/x/0008-1150", "0002-0010"];
  return [{ target: root }, ...below, ...[...pixels, ...odd].map((path) => ({ target: `${root}/${path}` }))];
}

/** Sequences first, since there are fewer of them. */
function* pathsIn(tags: Readonly<Record<string, StoredTag>>): Generator<string> {
  const names = Object.keys(tags).toSorted(
    (left, right) => Number(isSequence(tags[right])) - Number(isSequence(tags[left])),
  );
  for (const name of names) {
    const path = name.replace(",", "-");
    yield path;
    const tag = tags[name];
    if (!isSequence(tag)) continue;
    for (const [at, item] of tag.Value.slice(0, 2).entries()) {
      yield `${path}/${at}`;
      for (const inner of [...pathsIn(item)].slice(0, 5)) yield `${path}/${at}/${inner}`;
    }
  }
}

function isSequence(
  tag: StoredTag | undefined,
): tag is StoredTag & { readonly Value: readonly Readonly<Record<string, StoredTag>>[] } {
  return tag?.Type === "Sequence";
}
