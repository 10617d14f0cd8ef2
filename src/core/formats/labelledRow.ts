import type { ForeignBox, ForeignImage, ImportOptions, JsonObject, ImportedRow, Sources } from './importedRow';
import type { ImageSize } from '../geometry/boxFrame';

/** What a format without questions asks where the person gives no `--problem`, and answers where they give no `--answer`. */
export const labelProblem = 'List the objects in the image.';
export const captionProblem = 'Where is what this sentence names? {caption}';
export const labelAnswer = '{labels}';

export interface LabelledImage {
  readonly qid: string;
  readonly images: readonly ForeignImage[];
  readonly boxes: readonly ForeignBox[];
  readonly caption?: string;
  readonly size?: ImageSize;
  readonly extra: JsonObject;
  readonly sources: Sources;
}

/** A row of an image that has boxes but no question: the texts are made from its labels, and the sources say so. */
export function labelledRow(image: LabelledImage, options: ImportOptions): ImportedRow {
  const { caption, ...rest } = image;
  const labels = [...new Set(image.boxes.map(box => box.label).filter(label => label !== ''))];
  const fill = (template: string): string => template.replace(/\{(labels|count|caption)\}/g, (_, name: string) => (name === 'labels' ? labels.join(', ') || 'none' : name === 'count' ? String(image.boxes.length) : (caption ?? '')));
  const problem = options.problem ?? (caption === undefined ? labelProblem : captionProblem);
  const answer = options.answer ?? labelAnswer;
  return {
    ...rest,
    problem: fill(problem),
    answer: fill(answer),
    key_words: labels,
    sources: { problem: `the text “${problem}”`, answer: answer === labelAnswer ? 'labels of the boxes' : `the text “${answer}”`, key_words: 'labels of the boxes', ...image.sources },
  };
}
