import type { ExportTarget } from '../exportTarget';

/**
 * ms-swift: messages, images and the `solution` that its rewards read. `objects` are pixels of the original image (or parts of 1): ms-swift itself
 * turns them into the frame of the model where a message holds `<bbox>`.
 */
export const msSwift: ExportTarget = {
  id: 'ms-swift',
  title: 'ms-swift',
  detail: 'JSONL with messages, images, objects, solution',
  containers: ['jsonl', 'json'],
  images: ['absolute', 'relative', 'copy'],
  absoluteCopies: true,
  frame: 'pixel',
  frames: ['pixel', 'norm1'],
  needs: {
    noImage: 'fine', placeholders: true, answer: true, conversations: true, sameQid: 'warning', boxes: false, turnsImages: false, marks: ['<video>', '<audio>'],
    reserved: ['messages', 'images', 'objects', 'solution', 'qid', 'key_words', 'videos', 'audios', 'tools', 'rejected_response', 'label'], extraColumns: true,
  },
  row: ({ qid, prompt, answer, messages, images, key_words, boxes, extra }, { frame }) => ({
    messages: messages ?? [{ role: 'user', content: prompt }],
    images: images.map(({ name }) => name),
    ...(messages ? {} : { solution: answer }),
    ...(boxes.length === 0 ? {} : { objects: { ref: boxes.map(({ label }) => label), bbox: boxes.map(({ bbox }) => bbox), bbox_type: frame === 'norm1' ? 'norm1' : 'real' } }),
    ...(qid === '' ? {} : { qid }), ...(messages ? {} : { key_words }), ...extra,
  }),
  hints: ({ files, folder }) => [
    ...(files.train === undefined ? [] : [`--dataset ${folder}/${files.train}`]),
    ...(files.heldOut === undefined ? [] : [`--val_dataset ${folder}/${files.heldOut}`]),
  ],
};
