import { exactJson } from '../../dataset/longNumber';
import type { ExportTarget } from '../exportTarget';

/** EasyR1 and the PeBR-R1 fork: one object a row under the paper's names; other fields reach the batch untouched. */
export const easyR1: ExportTarget = {
  id: 'easyr1',
  title: 'PeBR-R1 / EasyR1',
  detail: 'JSON array (or JSONL, Parquet) with problem, answer, images, qid, key_words',
  containers: ['json', 'jsonl', 'parquet'],
  images: ['relative', 'absolute', 'copy', 'embed'],
  absoluteCopies: false,
  needs: {
    noImage: 'error', placeholders: true, answer: true, conversations: false, sameQid: 'error', boxes: false, turnsImages: false, marks: [],
    reserved: ['videos', 'ground_truth', 'problem', 'answer', 'images', 'qid', 'key_words', 'boxes'], extraColumns: true,
  },
  row: ({ qid, prompt, answer, images, key_words, boxes, extra }, { images: mode, container }) => ({
    qid, problem: prompt, answer,
    images: mode === 'embed' ? images.map(({ base64, name }) => ({ bytes: base64, path: name })) : images.map(({ name }) => name),
    key_words, boxes, ...(container === 'parquet' ? { extra: exactJson(extra) } : extra),
  }),
  columns: mode => ({
    qid: 'VARCHAR', problem: 'VARCHAR', answer: 'VARCHAR', images: mode === 'embed' ? 'STRUCT("bytes" BLOB, "path" VARCHAR)[]' : 'VARCHAR[]', key_words: 'VARCHAR[]',
    boxes: 'STRUCT("label" VARCHAR, "bbox" DOUBLE[])[]', extra: 'VARCHAR',
  }),
  hints: ({ files, folder }) => [
    ...(files.train === undefined ? [] : [`data.train_files=${folder}/${files.train}`]),
    ...(files.heldOut === undefined ? [] : [`data.val_files=${folder}/${files.heldOut}`]),
    `data.image_dir=${folder}`, 'data.prompt_key=problem', 'data.answer_key=answer', 'data.image_key=images',
  ],
};
