import * as vscode from 'vscode';
import { passRate } from '../../core/dataset/difficulty';
import { errorInWords } from '../../core/errorWords';
import { sampleOfRow } from '../../core/dataset/sampleOfRow';
import type { Row } from '../../core/dataset/row';
import { readImageSize, resolveImage } from '../../platform/dataset/imageInfo';
import { thumbnail } from '../../platform/dataset/thumbnail';
import type { SampleNode } from './datasetNode';

const sidePx = 280;

/** The image with its boxes, the question and the answer: what is needed to know a sample without opening it. In a blind pass only the image and the question. */
export async function sampleTooltip(node: SampleNode, isBlind: boolean): Promise<vscode.MarkdownString> {
  const text = new vscode.MarkdownString();
  const { row, record } = node;
  if (!row) return text.appendText('This line is no row. Open it to see why.');
  text.appendMarkdown(`${await picture(node, row, isBlind)}\n\n`);
  text.appendText(row.problem.replaceAll('<image>', '').trim());
  if (isBlind) return text;
  text.appendMarkdown('\n\n');
  text.appendText(`Answer: ${row.answer || 'none'}`);
  if (record) {
    text.appendMarkdown('\n\n');
    text.appendText(`${record.difficulty}, ${passRate(record)} right (${record.checkpoint || record.policy})`);
  }
  if (row.boxes.length > 0) {
    text.appendMarkdown('\n\n');
    text.appendText(row.boxes.slice(0, 12).map(box => `${box.label || 'unnamed'} [${box.numbers.join(', ')}]`).join('; '));
  }
  return text;
}

async function picture({ dataset }: SampleNode, row: Row, isBlind: boolean): Promise<string> {
  const name = row.images[0];
  if (name === undefined) return 'The row has no image.';
  const file = resolveImage(dataset.imageRoot, name);
  if (file === undefined) return 'The image lies outside the image root and is not read.';
  try {
    const { boxes } = sampleOfRow(row, dataset.config.boxFrame, await readImageSize(file));
    return `![](data:image/jpeg;base64,${(await thumbnail(file, isBlind ? [] : boxes, sidePx)).toString('base64')})`;
  } catch (error) {
    return new vscode.MarkdownString().appendText(errorInWords(error)).value;
  }
}
