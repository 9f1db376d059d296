/** How the items of a stream are worked on before their turn. */
export interface AheadWork<Item, Result> {
  /** Items that are worked on at the same time. */
  readonly width: number;
  /** Called in the order of the items, the next one before this one is done. */
  begin(item: Item): Promise<Result>;
  /** Lets go of a result that nobody will see. */
  discard?(result: Result): Promise<void>;
}

type Ended = { readonly done: true };
type Step<Result> = Ended | { readonly done: false; readonly result: Result };

/**
 * The results for the items of `source`, in their order, while the items behind are being worked on. Whoever stops reading early ends the
 * work: what was begun is waited for and discarded, and the source is closed.
 */
export async function* readAhead<Item, Result>(
  source: AsyncIterable<Item>,
  work: AheadWork<Item, Result>,
): AsyncGenerator<Result, void, void> {
  const items = source[Symbol.asyncIterator]();
  const begun: Promise<Step<Result>>[] = [];
  const beginNext = (): void => {
    const step = nextStep(items, work);
    // It is looked at when its turn comes.
    step.catch(() => {});
    begun.push(step);
  };
  try {
    for (let at = 0; at < work.width; at++) beginNext();
    for (;;) {
      const step = await begun.shift();
      if (step === undefined || step.done) return;
      beginNext();
      yield step.result;
    }
  } finally {
    await Promise.all(begun.map((step) => discard(step, work)));
    await items.return?.();
  }
}

async function nextStep<Item, Result>(
  items: AsyncIterator<Item>,
  work: AheadWork<Item, Result>,
): Promise<Step<Result>> {
  const next = await items.next();
  return next.done === true ? { done: true } : { done: false, result: await work.begin(next.value) };
}

async function discard<Item, Result>(begun: Promise<Step<Result>>, work: AheadWork<Item, Result>): Promise<void> {
  const [outcome] = await Promise.allSettled([begun]);
  if (outcome?.status === "fulfilled" && !outcome.value.done) await work.discard?.(outcome.value.result);
}
