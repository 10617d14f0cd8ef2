import type { SingleComponent } from '../reward';

export interface ClipOptions {
  /** Similarity from which a description has full marks; 0.4 in the paper's code. */
  readonly tau?: number;
}

/** Image-text similarity of the description, min(1, similarity / tau); 0 without a description, below 0 where they disagree. */
export function clip({ tau = 0.4 }: ClipOptions = {}): SingleComponent {
  if (!(tau > 0)) throw new Error(`clip({ tau: ${String(tau)} }): tau must be above 0.`);
  return async ({ sample, sections }, context) => {
    const image = sample.images[0];
    if (image === undefined) throw new Error('The sample has no image to compare the description with.');
    const { description } = sections;
    if (!description || description.text === '') return { value: 0, evidence: [{ kind: 'description', ok: false, note: 'no description' }] };
    const similarity = await context.clip.similarity(image, description.text);
    return {
      value: Math.min(1, similarity / tau),
      evidence: [{ kind: 'description', start: description.start, end: description.end, ok: similarity >= tau, note: `similarity ${similarity.toFixed(2)} / ${tau}` }],
    };
  };
}
