import { chatRows } from '../chatRows';
import type { Imported, ImportOptions, JsonObject } from '../importedRow';
import { boxesOfReply } from '../llava/importLlava';

/**
 * Chat messages as Qwen-VL, OpenAI and LLaMA-Factory write them: `{messages: [{role, content: text or parts}], images}`; boxes are read from the answer
 * (`[{"bbox_2d": […], "label": …}]`, `<|box_start|>(…),(…)<|box_end|>`). Their frame depends on the model that they were written for.
 */
export function importQwen(record: JsonObject, options: ImportOptions): Imported {
  return chatRows(record, options, { lists: ['messages', 'conversations', 'conversation', 'prompt'], boxes: boxesOfReply });
}
