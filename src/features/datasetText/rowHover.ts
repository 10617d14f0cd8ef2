import * as vscode from 'vscode';
import type { CommandArgs } from '../../contributions';
import { passRate } from '../../core/dataset/difficulty';
import type { Row } from '../../core/dataset/row';
import { sampleOfRow } from '../../core/dataset/sampleOfRow';
import { errorInWords } from '../../core/errorWords';
import { headingOf } from '../../core/rollouts/groupText';
import type { Rollout } from '../../core/rollouts/rollout';
import { markdownLine } from '../../core/rollouts/share/markdownText';
import { readSetting } from '../../host/commands';
import { readImageSize, resolveImage } from '../../platform/dataset/imageInfo';
import { ImageLinks } from '../../platform/dataset/imageLinks';
import { thumbnail } from '../../platform/dataset/thumbnail';
import type { LastGroup } from '../../platform/runs/sampleResponses';
import { type DatasetText, datasetTextSelector, type DatasetTexts, rowOnLine } from './datasetTexts';

const sides = [320, 160];
/** The words are to be seen with the picture: a hover is some 250 pixels high. */
const shownHeight = 130;
/** VS Code cuts a hover's text beyond 100,000 characters. */
const mostPictureText = 80_000;
const mostPictures = 60;
/** A large run is indexed once; the hover does not wait for that. */
const patienceMs = 1500;
const commands = ['pebr.sample.open', 'pebr.rollouts.open', 'pebr.rollouts.peek'] as const;

/** Over a row: its image with the boxes, its label, and the best and the worst of what the policy last answered. */
export class RowHover implements vscode.HoverProvider, vscode.Disposable {
  private readonly registration = vscode.languages.registerHoverProvider(datasetTextSelector, this);
  /** By image and boxes, the oldest first. */
  private readonly pictures = new Map<string, Promise<string>>();

  constructor(private readonly texts: DatasetTexts) {}

  async provideHover(document: vscode.TextDocument, { line }: vscode.Position, token: vscode.CancellationToken): Promise<vscode.Hover | undefined> {
    const about = readSetting('pebr.datasetText.hover') ? await this.texts.of(document.uri.fsPath) : undefined;
    const row = about && !token.isCancellationRequested ? rowOnLine(document, line, about) : undefined;
    if (!about || !row) return undefined;
    const [picture, last] = await Promise.all([this.pictureOf(row, about), row.qid === '' ? undefined : inTime(about.responses.of(row.qid))]);
    return token.isCancellationRequested ? undefined : new vscode.Hover(contents(row, about, picture, last, { file: document.uri.fsPath, line: line + 1 }), document.lineAt(line).range);
  }

  dispose(): void {
    this.registration.dispose();
  }

  private pictureOf(row: Row, about: DatasetText): Promise<string> {
    const key = JSON.stringify([about.context.imageRoot, row.images[0], about.context.boxFrame, row.boxes.map(({ numbers }) => numbers)]);
    const known = this.pictures.get(key) ?? picture(row, about);
    this.pictures.delete(key);
    this.pictures.set(key, known);
    const [oldest] = this.pictures.keys();
    if (this.pictures.size > mostPictures && oldest !== undefined) this.pictures.delete(oldest);
    void known.then(text => text.startsWith('![') || this.pictures.delete(key)); // what failed is tried again
    return known;
  }
}

/** Markdown: the image, or a sentence that says why it is not there. */
async function picture(row: Row, { context: { imageRoot, boxFrame } }: DatasetText): Promise<string> {
  const [name] = row.images;
  if (name === undefined) return 'The row has no image.';
  const file = resolveImage(imageRoot, name);
  if (file === undefined || new ImageLinks(imageRoot).leadsTo(file) !== undefined) return 'The image lies outside the image root and is not read.';
  try {
    const { boxes } = sampleOfRow(row, boxFrame, await readImageSize(file));
    for (const side of sides) {
      const text = (await thumbnail(file, boxes, side)).toString('base64');
      if (text.length <= mostPictureText) return `![](data:image/jpeg;base64,${text}|height=${shownHeight})`;
    }
    return 'The image cannot be made small enough for a hover.';
  } catch (error) {
    return new vscode.MarkdownString().appendText(errorInWords(error)).value;
  }
}

function contents(row: Row, { dataset, records }: DatasetText, image: string, last: LastGroup | 'reading' | undefined, place: { readonly file: string; readonly line: number }): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: commands };
  const paragraph = (words: string): void => void text.appendMarkdown(`${markdownLine(words.slice(0, 1500))}\n\n`); // appendText would keep lines from breaking
  text.appendMarkdown(`${image}\n\n`);
  const record = records.get(row.qid);
  paragraph(row.problem.replaceAll('<image>', '').trim());
  paragraph(`Answer: ${row.answer || 'none'}${record ? ` · ${record.difficulty}, ${passRate(record)} right` : ''}`);
  const sample = { dataset: dataset.config.id, qid: row.qid, ...place };
  if (last === 'reading') paragraph('The stored responses are being read; hover again in a moment.');
  else if (last) responses(text, last, paragraph);
  if (row.boxes.length > 0) paragraph(`${row.boxes.slice(0, 12).map(({ label, numbers }) => `${label || 'unnamed'} [${numbers.join(', ')}]`).join('; ')}${row.boxes.length > 12 ? ` and ${row.boxes.length - 12} more` : ''}`);
  const links = [link('Open', 'pebr.sample.open', sample), ...(last && last !== 'reading' ? [link('Peek responses', 'pebr.rollouts.peek', sample)] : [])];
  return text.appendMarkdown(links.join(' · '));
}

function responses(text: vscode.MarkdownString, { run, stage, rollouts }: LastGroup, paragraph: (words: string) => void): void {
  const scored = rollouts.filter(({ overall }) => overall !== null).sort((a, b) => (b.overall ?? 0) - (a.overall ?? 0));
  const [best] = scored;
  const worst = scored.length > 1 ? scored.at(-1) : undefined;
  text.appendMarkdown('---\n\n');
  if (!best) paragraph(`${rollouts.length} stored responses, none of them was scored.`);
  for (const [name, rollout] of [['Best', best], ['Worst', worst]] as const) {
    if (!rollout) continue;
    text.appendMarkdown(`${link(name, 'pebr.rollouts.open', { runFolder: run, stage, group: rollout.group, index: rollouts.indexOf(rollout) })} `);
    paragraph(`${headingOf(rollout)}${scoresOf(rollout)}`);
    paragraph(shortened(rollout.response));
  }
}

function scoresOf({ components }: Rollout): string {
  const scores = Object.entries(components).map(([name, value]) => `${name} ${value === null ? '–' : value.toFixed(2)}`);
  return scores.length === 0 ? '' : ` (${scores.join(', ')})`;
}

function shortened(response: string): string {
  const text = response.trim();
  return text.length > 500 ? `${text.slice(0, 240)} … ${text.slice(-240)}` : text;
}

function link<K extends (typeof commands)[number]>(title: string, command: K, argument: CommandArgs[K][0]): string {
  // Brackets would end the address: encodeURIComponent leaves them as they are.
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, found => `%${found.charCodeAt(0).toString(16)}`)})`;
}

/** What comes within the patience of who hovers. */
async function inTime<T>(work: Promise<T>): Promise<T | 'reading'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'reading'>(resolve => (timer = setTimeout(() => resolve('reading'), patienceMs)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
