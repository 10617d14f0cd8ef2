import { exactJson } from '../../dataset/longNumber';
import type { ExportTarget } from '../exportTarget';

/** verl: chat messages, images as structs, the gold in `reward_model`; images do not reach its rewards, so `extra_info` names their files. */
export const verl: ExportTarget = {
  id: 'verl',
  title: 'verl',
  detail: 'Parquet with data_source, prompt, images, reward_model, extra_info',
  containers: ['parquet', 'jsonl'],
  images: ['absolute', 'embed', 'copy'],
  absoluteCopies: true,
  needs: {
    noImage: 'fine', placeholders: true, answer: true, conversations: false, sameQid: 'warning', boxes: false, turnsImages: false, marks: ['<video>', '<audio>'],
    reserved: [], extraColumns: false,
  },
  row: (sample, { dataset, frame, images: mode }) => ({
    data_source: dataset,
    prompt: [{ role: 'user', content: sample.prompt }],
    images: sample.images.map(({ base64, name }) => (mode === 'embed' ? { bytes: base64, path: name } : { image: name })),
    ability: sample.stage,
    reward_model: { style: 'rule', ground_truth: sample.answer },
    extra_info: {
      split: sample.split === 'train' ? 'train' : 'test', index: sample.index, qid: sample.qid, problem: sample.problem, answer: sample.answer,
      image_paths: sample.images.map(({ name }) => name), key_words: sample.key_words, boxes: sample.boxes, box_frame: frame, extra: exactJson(sample.extra),
    },
  }),
  columns: mode => ({
    data_source: 'VARCHAR', prompt: 'STRUCT("role" VARCHAR, "content" VARCHAR)[]',
    images: mode === 'embed' ? 'STRUCT("bytes" BLOB, "path" VARCHAR)[]' : 'STRUCT("image" VARCHAR)[]',
    ability: 'VARCHAR', reward_model: 'STRUCT("style" VARCHAR, "ground_truth" VARCHAR)',
    extra_info: 'STRUCT("split" VARCHAR, "index" BIGINT, "qid" VARCHAR, "problem" VARCHAR, "answer" VARCHAR, "image_paths" VARCHAR[], "key_words" VARCHAR[], '
      + '"boxes" STRUCT("label" VARCHAR, "bbox" DOUBLE[])[], "box_frame" VARCHAR, "extra" VARCHAR)',
  }),
  hints: ({ files, folder }) => [
    ...(files.train === undefined ? [] : [`data.train_files=${folder}/${files.train}`]),
    ...(files.heldOut === undefined ? [] : [`data.val_files=${folder}/${files.heldOut}`]),
    'data.image_key=images',
  ],
};
