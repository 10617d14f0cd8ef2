import type { RowFault } from '../dataset/row';
import { sentence } from '../sentence';

/** Why an image of a row is not read. `name` as the row has it. */
export const imageFault = {
  outside: (name: string, imageRoot: string): RowFault => ({
    severity: 'error', rule: 'dataset/image-outside-root', field: 'images', message: `The image "${name}" leaves the image root ${imageRoot} and is not read.`,
    remedy: 'Move the image below the root, or set "imageRoot" in pebr.json.',
  }),
  linkedOutside: (name: string, target: string): RowFault => ({
    severity: 'error', rule: 'dataset/image-outside-root', field: 'images', message: `The image "${name}" is a link that leaves the image root, to ${target}: the trainer refuses it.`,
    remedy: 'Copy the image below the root, or set "imageRoot" in pebr.json to where the images really are.',
  }),
  missing: (name: string, file: string): RowFault => ({
    severity: 'error', rule: 'dataset/missing-image', field: 'images', message: `The image "${name}" is missing: there is no ${file}.`,
    remedy: 'Put the file there, correct the path in the row, or set "imageRoot" in pebr.json.',
  }),
  unreadable: (reason: string): RowFault => ({
    severity: 'error', rule: 'dataset/unreadable-image', field: 'images', message: sentence(reason),
    remedy: reason.includes('by this user') ? 'Give this user the right to read it.' : 'Replace the file with a PNG, JPEG, WebP, GIF or BMP image.',
  }),
} as const;
