import { chatRows } from '../chatRows';
import type { Imported, ImportOptions, JsonObject } from '../importedRow';
import { boxesOfReply } from '../llava/importLlava';

/**
 * The paper's SFT rows: `{messages: [user, assistant], images: "path"}` with replies in the response grammar. The answer is the reply's last section; the
 * messages stay in the row, so that the file is warm-up data as well.
 */
export function importPebrSft(record: JsonObject, options: ImportOptions): Imported {
  return chatRows(record, options, { lists: ['messages', 'conversations'], boxes: boxesOfReply });
}
