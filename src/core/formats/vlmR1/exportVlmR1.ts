import type { ExportTarget } from '../exportTarget';

/** VLM-R1: conversations of human and gpt. Its IoU rewards bring the response to pixels of the original image, so the gold stays there. */
export const vlmR1: ExportTarget = {
  id: 'vlm-r1',
  title: 'VLM-R1',
  detail: 'JSONL with id, image, conversations, and a YAML entry',
  containers: ['jsonl', 'json'],
  images: ['relative', 'absolute', 'copy'],
  absoluteCopies: false,
  frame: 'pixel',
  needs: {
    noImage: 'fine', placeholders: true, answer: true, conversations: false, sameQid: 'warning', boxes: false, turnsImages: false, marks: [],
    reserved: ['id', 'image', 'conversations', 'key_words', 'boxes', 'image_path', 'problem', 'solution', 'prompt'], extraColumns: true,
  },
  row: ({ qid, prompt, answer, images, key_words, boxes, extra }) => ({
    id: qid,
    ...(images.length === 0 ? {} : { image: images.map(({ name }) => name) }),
    conversations: [{ from: 'human', value: prompt }, { from: 'gpt', value: answer }],
    key_words, boxes, ...extra,
  }),
  hints: ({ files, folder }) => [`--data_file_paths ${folder}/${files.train ?? files.heldOut}`, `--image_folders ${folder}`],
};

/** The entry that names a rows file for the scripts that read a YAML list of datasets. */
export function vlmR1Yaml(file: string, folder: string): string {
  return `datasets:\n  - json_path: ${JSON.stringify(file)}\n    image_folder: ${JSON.stringify(folder)}\n    sampling_strategy: all\n`;
}
