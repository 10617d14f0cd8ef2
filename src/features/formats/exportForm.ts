import * as path from 'node:path';
import * as vscode from 'vscode';
import { exportTargets } from '../../core/formats/exportTargets';
import type { Container, ExportTarget, ImageMode } from '../../core/formats/exportTarget';
import { resizedFrameName } from '../../core/geometry/resizedSize';
import type { BoxFrame } from '../../core/project/project';
import { imageModes } from '../../platform/formats/planExport';

/** What a person chose for an export. */
export interface ExportChoices {
  readonly container: Container;
  readonly frame: BoxFrame;
  readonly images: ImageMode;
  readonly answer: 'row' | 'boxes';
  readonly rows: string;
  readonly usesPrompt: boolean;
  readonly folder: string;
}

/** A set of rows that can be exported. */
export interface RowsChoice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
}

type Field = keyof ExportChoices;
interface Item extends vscode.QuickPickItem {
  readonly field?: Field;
}

const imageWords: Readonly<Record<ImageMode, readonly [label: string, detail: string]>> = {
  relative: ['By path, relative to the export', 'The export and the images have to stay where they are to each other'],
  absolute: ['By absolute path', 'For training on this machine'],
  copy: ['As copies beside the rows', 'The folder can be moved to another machine'],
  link: ['As links to their folders', 'On this machine alone; what is changed or deleted there is the dataset’s own'],
  embed: ['As bytes in the rows', 'One file that needs nothing else'],
};

const frameWords: readonly (readonly [frame: BoxFrame, label: string, detail: string])[] = [
  ['pixel', 'Pixels of the original image', 'VLM-R1, ms-swift objects'],
  ['qwen2.5-resized', 'Pixels of the resized image', 'Qwen2.5-VL: whole multiples of 28, with the limits of its processor'],
  ['norm1000', 'Thousandths', 'Qwen2-VL, Qwen3-VL, InternVL'],
  ['norm1', 'Parts of 1', 'NeMo RL'],
  ['percent-xywh', 'Per cent, corner and size', 'Label Studio'],
  ['coco-xywh', 'Pixels, corner and size', 'COCO'],
  ['yolo-cxcywh', 'Parts of 1, centre and size', 'YOLO'],
];

/** The query that a choice of rows stands for; undefined for other choices. */
export function queryOfRows(rows: string): string | undefined {
  return rows.startsWith('query:') ? rows.slice('query:'.length) : undefined;
}

/** Asks for the target; undefined where the person went away. */
export async function askTarget(): Promise<ExportTarget | undefined> {
  const items = exportTargets.map(target => ({ label: target.title, detail: target.detail, target }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Export Dataset', placeHolder: 'For which trainer or tool?', matchOnDetail: true });
  return picked?.target;
}

/** Shows what will be done, each line to be changed by choosing it, until it is confirmed; undefined where the person went away. */
export async function askChoices(target: ExportTarget, name: string, start: ExportChoices, rows: readonly RowsChoice[], hasPrompt: boolean): Promise<ExportChoices | undefined> {
  let choices = start;
  let active: Field | undefined;
  for (;;) {
    const items = itemsOf(target, choices, rows, hasPrompt);
    const picked = await pick(items, `Export ${name} to ${target.title}`, active);
    if (!picked) return undefined;
    if (picked.field === undefined) return choices;
    active = picked.field;
    choices = { ...choices, ...(await change(active, target, choices, rows)) };
  }
}

function itemsOf(target: ExportTarget, choices: ExportChoices, rows: readonly RowsChoice[], hasPrompt: boolean): readonly Item[] {
  const frame = frameWords.find(([known]) => known === choices.frame)?.[1] ?? choices.frame;
  const optional = (isThere: boolean, item: Item): readonly Item[] => (isThere ? [item] : []);
  return [
    { label: '$(check-all) Check the rows and export', alwaysShow: true },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(list-filter) Rows', description: rows.find(({ id }) => id === choices.rows)?.label ?? queryOfRows(choices.rows) ?? choices.rows, field: 'rows' },
    ...optional(target.frames?.length !== 1, { label: '$(symbol-ruler) Boxes', description: frame, field: 'frame' }),
    ...optional(imageModes(target, choices.container).length > 1, { label: '$(file-media) Images', description: imageWords[choices.images][0], field: 'images' }),
    ...optional(target.containers.length > 1, { label: '$(file) File', description: choices.container === 'parquet' ? 'Parquet' : choices.container.toUpperCase(), field: 'container' }),
    ...optional(!target.needs.boxes, { label: '$(comment) Answers', description: choices.answer === 'row' ? 'As in the rows' : 'Written from the boxes where a row has some', field: 'answer' }),
    ...optional(hasPrompt && !target.needs.boxes, { label: '$(note) Prompt', description: choices.usesPrompt ? 'The project’s prompt around each problem' : 'The problem alone', field: 'usesPrompt' }),
    { label: '$(folder) Folder', description: choices.folder, field: 'folder' },
  ];
}

async function change(field: Field, target: ExportTarget, choices: ExportChoices, rows: readonly RowsChoice[]): Promise<Partial<ExportChoices>> {
  switch (field) {
    case 'rows': {
      const other: RowsChoice = { id: 'query', label: 'Those of a query…', detail: 'Chips, words or SQL, as in the search field of the dataset editor' };
      const picked = await vscode.window.showQuickPick([...rows, other], { placeHolder: 'Which rows?' });
      if (picked?.id !== 'query') return picked ? { rows: picked.id } : {};
      const text = await vscode.window.showInputBox({ prompt: 'Chips, words, or a condition after "sql:"', placeHolder: 'difficulty:medium -tag:blurry box:card', value: queryOfRows(choices.rows) ?? '' });
      return text === undefined ? {} : { rows: `query:${text}` };
    }
    case 'frame': return changeFrame(target, choices);
    case 'images': {
      const picked = await vscode.window.showQuickPick(imageModes(target, choices.container).map(mode => ({ label: imageWords[mode][0], detail: imageWords[mode][1], mode })), { placeHolder: 'How do the images come along?' });
      return picked ? { images: picked.mode } : {};
    }
    case 'container': {
      const picked = await vscode.window.showQuickPick(target.containers.map(container => ({ label: container === 'parquet' ? 'Parquet' : container.toUpperCase(), container })), { placeHolder: 'Into which kind of file?' });
      if (!picked) return {};
      const modes = imageModes(target, picked.container);
      return { container: picked.container, images: modes.includes(choices.images) ? choices.images : (modes[0] ?? choices.images) };
    }
    case 'answer': return { answer: choices.answer === 'row' ? 'boxes' : 'row' };
    case 'usesPrompt': return { usesPrompt: !choices.usesPrompt };
    case 'folder': {
      const [folder] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: 'Export Here', defaultUri: vscode.Uri.file(path.dirname(choices.folder)) })) ?? [];
      return folder ? { folder: folder.fsPath } : {};
    }
  }
}

async function changeFrame({ frames }: ExportTarget, choices: ExportChoices): Promise<Partial<ExportChoices>> {
  const known = frameWords.filter(([frame]) => !frames || frames.includes(frame)).map(([frame, label, detail]) => ({ label, detail: `${frame} · ${detail}`, frame, hasLimits: false }));
  const limits = { label: 'Pixels of the resized image, other limits…', detail: 'qwen2.5-resized with your processor’s min_pixels and max_pixels', frame: choices.frame, hasLimits: true };
  const at = known.findIndex(({ frame }) => frame === 'qwen2.5-resized');
  const picked = await vscode.window.showQuickPick(at === -1 ? known : known.toSpliced(at + 1, 0, limits), { placeHolder: 'What does the model write boxes in?' });
  if (!picked?.hasLimits) return picked ? { frame: picked.frame } : {};
  const text = await vscode.window.showInputBox({
    prompt: 'min_pixels and max_pixels of the processor', value: '3136, 802816', validateInput: given => (limitsOf(given) ? undefined : 'Write two whole numbers with a comma between, the smaller one first.'),
  });
  const pixels = text === undefined ? undefined : limitsOf(text);
  return pixels ? { frame: resizedFrameName(pixels) } : {};
}

function limitsOf(text: string): { readonly minPixels: number; readonly maxPixels: number } | undefined {
  const [, least, most] = /^\s*([1-9]\d{0,11})\s*,\s*([1-9]\d{0,11})\s*$/.exec(text) ?? [];
  const [minPixels, maxPixels] = [Number(least), Number(most)];
  return minPixels <= maxPixels ? { minPixels, maxPixels } : undefined;
}

/** A quick pick that stands on the line which was changed last. */
function pick(items: readonly Item[], title: string, active: Field | undefined): Promise<Item | undefined> {
  const list = vscode.window.createQuickPick<Item>();
  list.title = title;
  list.placeholder = 'Enter to export, or choose a line to change it';
  list.items = items;
  list.activeItems = items.filter(({ field, kind }) => kind !== vscode.QuickPickItemKind.Separator && field === active);
  return new Promise(resolve => {
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined); // no effect after an answer
      list.dispose();
    });
    list.show();
  });
}
