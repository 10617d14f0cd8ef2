import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import type { BoxFrame } from '../../../src/core/project/project';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { ExportInput, ExportPlan } from '../../../src/platform/formats/exportPlan';
import { type ExportWishes, planExport } from '../../../src/platform/formats/planExport';

/** A dataset on disk: 640 × 480 images, rows as they are given (a text is a line as it is). */
export class ExportFixture {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'pebr export [1] ')); // blanks and brackets: nothing may take the path for a pattern
  readonly data = path.join(this.folder, 'data');
  readonly out = path.join(this.folder, 'out');

  constructor() {
    mkdirSync(path.join(this.data, 'images', 'deep'), { recursive: true });
  }

  async image(name: string, { width = 640, height = 480, orientation }: { width?: number; height?: number; orientation?: number } = {}): Promise<void> {
    const picture = sharp({ create: { width, height, channels: 3, background: '#ddd' } });
    const bytes = orientation === undefined ? picture : picture.withMetadata({ orientation });
    await bytes.toFile(path.join(this.data, name));
  }

  rows(name: string, rows: readonly (object | string)[]): string {
    const file = path.join(this.data, name);
    writeFileSync(file, rows.map(row => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
    return file;
  }

  input(file: string, more: Partial<ExportInput> = {}): ExportInput {
    return { file, imageRoot: this.data, stage: 'reasoning', columns: defaultColumns, boxFrame: 'pixel', split: 'train', ...more };
  }

  plan(to: string, rows: readonly (object | string)[], wishes: Partial<ExportWishes> & { readonly boxFrame?: BoxFrame } = {}, rest: Pick<ExportPlan, 'isWanted' | 'render'> = {}): ExportPlan {
    const { boxFrame = 'pixel', ...more } = wishes;
    return planExport([this.input(this.rows('rows.jsonl', rows), { boxFrame })], { to, folder: this.out, name: 'set', ...more }, rest);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const row = {
  qid: 'q1', problem: '<image>Where is the cat?', answer: 'left', images: ['images/a.png'], key_words: ['cat', 'sofa'], boxes: [{ label: 'cat', bbox: [64, 48, 320, 240] }], source: 'me', level: 3,
};
