import { type FindParts, type FoundMatch, matchesInFiles, readMatches } from "./find-matches.ts";
import { type AttributeQuery, planFind } from "./find-plan.ts";

/** Matches that are read together: answers begin early, and few of them are held. */
const batchSize = 500;

/** As `findResources`, in batches. What goes away meanwhile is left out. */
export async function* findBatches(
  { catalog, archive, options }: FindParts,
  query: AttributeQuery,
): AsyncGenerator<readonly FoundMatch[], void, void> {
  const plan = planFind(options, query);
  if (plan === undefined) return;
  const { request, since, limit, answers, files } = plan;
  if (files !== undefined) {
    yield* matchesInFiles({ catalog, archive }, plan, files);
    return;
  }
  const firstSize = limit === 0 ? batchSize : Math.min(limit, batchSize);
  const first = await catalog.find({ ...request, since, limit: firstSize });
  yield readMatches(archive, answers, first);
  if (first.length < batchSize || limit === batchSize) return;
  const restSize = limit === 0 ? 0 : limit - batchSize;
  const rest = await catalog.find({ ...request, include: {}, since: since + batchSize, limit: restSize });
  for (let at = 0; at < rest.length; at += batchSize) {
    const publicIds = rest.slice(at, at + batchSize).map(({ publicId }) => publicId);
    yield readMatches(archive, answers, await catalog.find({ ...request, publicIds }));
  }
}
