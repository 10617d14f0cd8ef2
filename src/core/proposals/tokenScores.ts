import { DetectorMismatch, type OutputTensor } from './decodeDetections';

/** Scores by text instead of by token, (1, boxes, texts) of (1, boxes, tokens): each text has the score of its likeliest token, as Grounding DINO is read. Throws `DetectorMismatch`. */
export function tokenScores({ dims, data }: OutputTensor, spans: readonly { readonly from: number; readonly to: number }[], name: string): OutputTensor {
  const [batch, boxes, tokens] = dims;
  const needed = spans.at(-1)?.to ?? 0;
  if (dims.length !== 3 || batch !== 1 || boxes === undefined || tokens === undefined || tokens < needed) {
    throw new DetectorMismatch(`Its output "${name}" is of shape (${dims.join(', ')}); the configuration says (1, boxes, tokens) for ${needed} tokens or more.`);
  }
  const scores = new Float32Array(boxes * spans.length);
  for (let box = 0; box < boxes; box++) {
    spans.forEach(({ from, to }, text) => {
      let best = -Infinity;
      for (let token = from; token < to; token++) best = Math.max(best, Number(data[box * tokens + token]));
      scores[box * spans.length + text] = best;
    });
  }
  return { dims: [1, boxes, spans.length], data: scores };
}
