import type { RowFault } from '../dataset/row';
import { sentence } from '../sentence';

/** Why an image of a row is not read. `name` as the row has it. */
export const imageFault = {
  outside: (name: string, imageRoot: string): RowFault => (name === '' ? unnamed : {
    severity: 'error', rule: 'dataset/image-outside-root', field: 'images', message: `The image "${name}" leaves the image root ${imageRoot} and is not read.`,
    remedy: 'Move the image below the root, or set "imageRoot" in pebr.json.',
  }),
  linkedOutside: (name: string, target: string): RowFault => ({
    severity: 'error', rule: 'dataset/image-outside-root', field: 'images', message: `The image "${name}" is a link that leaves the image root, to ${target}: the trainer refuses it.`,
    remedy: 'Copy the image below the root, or set "imageRoot" in pebr.json to where the images really are.',
  }),
  missing: (name: string, file: string): RowFault => ({
    severity: 'error', rule: 'dataset/missing-image', field: 'images', message: `The image "${name}" is missing: there is no ${file}.`,
    remedy: name.includes('\\') && !name.includes('/') ? 'Write "/" between the folders of its path, or put the file there.' : 'Put the file there, correct the path in the row, or set "imageRoot" in pebr.json.',
  }),
  /** Of a name that no file could have. */
  noFile: (name: string): RowFault | undefined => {
    const words = elsewhere(name);
    return words && { severity: 'error', rule: 'dataset/missing-image', field: 'images', ...words };
  },
  unreadable: (reason: string): RowFault => ({
    severity: 'error', rule: 'dataset/unreadable-image', field: 'images', message: sentence(reason),
    remedy: reason.includes('by this user') ? 'Give this user the right to read it.' : 'Replace the file with a PNG, JPEG, WebP, GIF or BMP image.',
  }),
} as const;

const unnamed: RowFault = { severity: 'error', rule: 'dataset/missing-image', field: 'images', message: 'The row names an image by an empty text.', remedy: 'Write the path of its file, or remove the entry.' };

/** No system takes a longer path. */
const longestName = 32_767;

/** What a name is that is no path of a file. */
function elsewhere(name: string): { readonly message: string; readonly remedy: string } | undefined {
  if (/^data:/i.test(name)) return { message: 'The row holds the bytes of an image where it is to name a file.', remedy: 'Import the file ("PeBR: Import Dataset"): the image is then written to a file of its own.' };
  if (name.length > longestName) return { message: `The row names an image by a text of ${name.length} characters.`, remedy: 'Write the path of its file.' };
  if (/^(?:https?|s3|gs|hf):\/\//i.test(name)) return { message: `The image "${name}" is on a network, and trainers read files.`, remedy: 'Fetch it, and write the path of the file.' };
  return undefined;
}
