import type { Columns } from '../project/project';

/** What other people's datasets call our fields; the first one that a record has is read. */
export const fieldNames: Readonly<Record<keyof Columns, readonly string[]>> = {
  qid: ['qid', 'question_id', 'questionId', 'id', 'uid', 'uuid', 'sample_id', 'sampleId', 'pid', 'index', 'idx', 'extra_info.qid', 'extra_info.id'],
  problem: ['problem', 'question', 'query', 'prompt', 'instruction', 'user', 'input', 'expression', 'sentence', 'sent', 'text'],
  answer: ['answer', 'solution', 'ground_truth', 'groundtruth', 'gt_answer', 'reward_model.ground_truth', 'label', 'target', 'response', 'output', 'assistant', 'completion', 'answers'],
  images: ['images', 'image', 'image_path', 'image_paths', 'img', 'imgs', 'img_path', 'image_file', 'image_files', 'image_url', 'file_name', 'filename', 'image_name', 'img_name', 'path', 'extra_info.images', 'decoded_image'],
  key_words: ['key_words', 'keywords', 'key_word', 'keyWords', 'extra_info.key_words'],
  boxes: ['boxes', 'bboxes', 'bbox_2d', 'objects', 'bbox', 'box', 'gt_boxes', 'gt_bbox', 'annotations', 'regions', 'detections', 'extra_info.boxes'],
};
