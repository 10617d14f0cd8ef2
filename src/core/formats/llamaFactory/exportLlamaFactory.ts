import type { JsonObject } from '../../parsedLine';
import type { ExportTarget } from '../exportTarget';

/** LLaMA-Factory SFT: conversations of user and assistant with a list of images, named by an entry of `dataset_info.json`. */
export const llamaFactory: ExportTarget = {
  id: 'llama-factory',
  title: 'LLaMA-Factory (SFT)',
  detail: 'JSON with messages and images, and the entry in dataset_info.json',
  containers: ['json', 'jsonl'],
  images: ['relative', 'absolute', 'copy'],
  absoluteCopies: false,
  needs: {
    noImage: 'fine', placeholders: true, answer: true, conversations: true, sameQid: 'warning', boxes: false, turnsImages: false, marks: ['<video>', '<audio>'],
    reserved: ['messages', 'images', 'qid', 'videos', 'audios'], extraColumns: true,
  },
  row: ({ qid, prompt, answer, messages, images, extra }) => ({
    ...(qid === '' ? {} : { qid }),
    messages: messages ?? [{ role: 'user', content: prompt }, { role: 'assistant', content: answer }],
    images: images.map(({ name }) => name),
    ...extra,
  }),
  hints: ({ name, folder, files }) => [`dataset_dir: ${folder}`, `dataset: ${[files.train && name, files.heldOut && `${name}_heldout`].filter(Boolean).join(',')}`, 'media_dir: the same folder, or leave it out'],
};

/** The entry that names a rows file in `dataset_info.json`. */
export function datasetInfoEntry(file: string): JsonObject {
  return {
    file_name: file, formatting: 'sharegpt', columns: { messages: 'messages', images: 'images' },
    tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant', system_tag: 'system' },
  };
}
