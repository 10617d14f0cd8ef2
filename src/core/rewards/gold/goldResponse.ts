import type { Sample } from '../../dataset/sample';

/**
 * A response that says exactly what the row's gold labels say, in the response grammar of docs/FORMATS.md: the boxes (else the key words) as the
 * description, the answer as the answer. A reward that does not pay it in full disagrees with the labels.
 */
export function goldResponse(sample: Sample): string {
  const labelled = sample.boxes.map(box => `${box.label} at [${box.bbox.map(value => Math.round(value * 100) / 100).join(', ')}]`.trim());
  const unboxed = sample.key_words.filter(word => !sample.boxes.some(box => box.label.toLowerCase().includes(word.toLowerCase())));
  const description = [...labelled, ...unboxed].join('; ');
  return [
    '### Image Description:', `${description}.`,
    '### Rationales:', 'The gold labels.',
    "### Let's think step by step.",
    '### Step 1:', 'Read the answer off the labels.',
    `### The final answer is: ${sample.answer}`,
  ].join('\n');
}
