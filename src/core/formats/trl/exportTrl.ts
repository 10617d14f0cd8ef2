import { exactJson } from '../../dataset/longNumber';
import type { ExportTarget } from '../exportTarget';

/**
 * TRL's GRPOTrainer: a conversational prompt with one image part an `<image>`, the images beside it, and every other column for the rewards.
 * `solution` is what TRL's own accuracy rewards read.
 */
export const trl: ExportTarget = {
  id: 'trl',
  title: 'TRL',
  detail: 'Parquet with prompt, images, and solution, key_words, boxes for rewards',
  containers: ['parquet', 'jsonl'],
  images: ['absolute', 'embed', 'copy'],
  absoluteCopies: true,
  needs: {
    noImage: 'warning', placeholders: true, answer: true, conversations: false, sameQid: 'warning', boxes: false, turnsImages: true, marks: [],
    reserved: [], extraColumns: false,
  },
  row: (sample, { frame, images: mode, container }) => ({
    prompt: [{ role: 'user', content: partsOf(sample.prompt) }],
    images: container === 'parquet' ? sample.images.map(({ base64, name }) => (mode === 'embed' ? { bytes: base64, path: name } : { path: name })) : sample.images.map(({ name }) => name),
    qid: sample.qid, problem: sample.problem, answer: sample.answer, solution: sample.answer, key_words: sample.key_words, boxes: sample.boxes, box_frame: frame,
    stage: sample.stage, extra: exactJson(sample.extra),
  }),
  columns: () => ({
    prompt: 'STRUCT("role" VARCHAR, "content" STRUCT("type" VARCHAR, "text" VARCHAR)[])[]', images: 'STRUCT("bytes" BLOB, "path" VARCHAR)[]',
    qid: 'VARCHAR', problem: 'VARCHAR', answer: 'VARCHAR', solution: 'VARCHAR', key_words: 'VARCHAR[]', boxes: 'STRUCT("label" VARCHAR, "bbox" DOUBLE[])[]', box_frame: 'VARCHAR',
    stage: 'VARCHAR', extra: 'VARCHAR',
  }),
  features: () => ({ images: [{ _type: 'Image' }] }),
  hints: ({ files, folder }) => [
    `load_dataset("parquet", data_files={${(['train', 'heldOut'] as const).flatMap(split => (files[split] === undefined ? [] : [`"${split === 'train' ? 'train' : 'test'}": "${folder}/${files[split]}"`])).join(', ')}})`,
    'GRPOTrainer(train_dataset=dataset["train"], …): images open as PIL; every other column reaches the rewards',
  ],
};

/** The text between image marks as parts; text parts that are empty are left out. */
function partsOf(prompt: string): readonly { readonly type: string; readonly text: string | null }[] {
  return prompt.split('<image>').flatMap((text, at) => [...(at > 0 ? [{ type: 'image', text: null }] : []), ...(text === '' ? [] : [{ type: 'text', text }])]);
}
