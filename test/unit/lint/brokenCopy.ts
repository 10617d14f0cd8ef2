import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { DatasetConfig } from '../../../src/core/project/project';
import type { LintReport } from '../../../src/core/lint/lintReport';
import { lintDataset, lintWarmUpFile } from '../../../src/platform/dataset/lintDataset';
import { lintImages } from '../../../src/platform/lint/lintImages';

export type Row = Readonly<Record<string, unknown>>;

export const config: DatasetConfig = { id: 'cards', stage: 'perception', path: 'rows.jsonl', heldOut: 'held.jsonl', imageRoot: 'images', columns: defaultColumns, boxFrame: 'pixel' };

/** A small sound project on disk: twelve rows, three held out, three of the warm-up, a picture each. */
export class SoundProject {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'pebr-sound-'));
  readonly images = path.join(this.folder, 'images');
  rows: (Row | string)[] = Array.from({ length: 12 }, (_, index) => rowOf(`q${index}`, `${index}.png`, index));
  heldOut: (Row | string)[] = Array.from({ length: 3 }, (_, index) => rowOf(`h${index}`, `h${index}.png`, index));
  warmUp: (Row | string)[] = Array.from({ length: 3 }, (_, index) => warmUpRow(`w${index}`, `images/${index}.png`));
  config: DatasetConfig = config;

  async build(): Promise<this> {
    mkdirSync(this.images);
    const names = [...this.rows, ...this.heldOut].flatMap(row => (typeof row === 'string' ? [] : (row['images'] as string[])));
    for (const [seed, name] of names.entries()) await this.picture(name, seed + 1);
    return this;
  }

  /** A picture of 120 × 80 with a pattern of its own. */
  async picture(name: string, seed: number, width = 120, height = 80): Promise<void> {
    await patterned(seed, width, height).toFile(path.join(this.images, name));
  }

  async lint(): Promise<LintReport> {
    const text = (rows: readonly (Row | string)[]): string => rows.map(row => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n') + '\n';
    writeFileSync(path.join(this.folder, 'rows.jsonl'), text(this.rows));
    writeFileSync(path.join(this.folder, 'held.jsonl'), text(this.heldOut));
    return lintDataset(this.folder, this.config, { maxPromptTokens: 40 });
  }

  async lintWarmUp(): Promise<LintReport> {
    writeFileSync(path.join(this.folder, 'warmup.jsonl'), this.warmUp.map(row => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
    return lintWarmUpFile(this.folder, 'warmup.jsonl');
  }

  async lintImages(): Promise<LintReport> {
    await this.lint();
    return lintImages(this.folder, this.config);
  }

  /** Changes one row of the dataset. */
  change(index: number, change: Row): void {
    this.rows[index] = { ...(this.rows[index] as Row), ...change };
  }
}

export function rowOf(qid: string, image: string, index: number): Row {
  return {
    qid, problem: `<image>Which digit is on card ${qid}?`, answer: String(index), images: [image], key_words: [`red ${index}`, `blue ${index + 20}`],
    boxes: [{ label: `red ${index}`, bbox: [10, 10, 40, 40] }, { label: `blue ${index + 20}`, bbox: [50, 20, 100, 70] }],
  };
}

function warmUpRow(qid: string, image: string): Row {
  const assistant = "### Image Description:\nred 7 at [10, 10, 40, 40].\n### Rationales:\nFind it.\n### Let's think step by step.\n### Step 1:\nred 7\n### The final answer is: 7";
  return { qid, messages: [{ role: 'user', content: '<image>Which digit?' }, { role: 'assistant', content: assistant }], images: [image] };
}

/** Squares of grey that only this seed has. */
export function patterned(seed: number, width: number, height: number): Sharp {
  let state = seed * 2654435761;
  const fields = Buffer.from(Array.from({ length: 12 * 8 * 3 }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state & 0xff;
  }));
  return sharp(fields, { raw: { width: 12, height: 8, channels: 3 } }).resize(width, height, { kernel: 'cubic' }).png();
}
