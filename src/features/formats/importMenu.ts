import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Columns, StageKind } from '../../core/project/project';
import { foreignFrames, factsOf, parseForeignFrame } from '../../core/formats/foreignFrame';
import { frameChoices } from '../../core/formats/importPreview';
import { importFormats } from '../../platform/formats/detectSource';
import type { ImportPlan, ImportRequest } from '../../platform/formats/importPlan';

/** What a person has decided about an import so far. */
export interface ImportChoices {
  readonly request: ImportRequest;
  readonly stage: StageKind;
  /** Absolute. */
  readonly out: string;
}

type Step = 'import' | 'frame' | 'format' | 'fields' | 'images' | 'stage' | 'out';

interface StepItem extends vscode.QuickPickItem {
  readonly step: Step;
}

/** The import as a menu of what can be said about it; its first entry does it. Undefined when the person leaves, `'import'` when all is said. */
export async function askNext(plan: ImportPlan, choices: ImportChoices, base: string): Promise<ImportChoices | 'import' | undefined> {
  const picked = await vscode.window.showQuickPick(itemsOf(plan, choices, base), {
    title: `Import ${path.basename(choices.request.input)}`, placeHolder: plan.rowPlan ? 'The preview shows what will be written' : 'The data do not say what the numbers of the boxes are: choose it', ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  if (picked.step === 'import') return 'import';
  return (await ask(picked.step, plan, choices)) ?? choices;
}

function itemsOf({ preview, rowPlan }: ImportPlan, { stage, out }: ImportChoices, base: string): readonly StepItem[] {
  const rows = preview.isWhole ? `${preview.rows.toLocaleString('en')} rows` : 'all rows';
  const { found, of, embedded } = preview.images;
  const nothing = preview.mapping.filter(each => each.filled === 0 && each.field !== 'qid').map(each => each.field);
  const frame: StepItem = rowPlan
    ? { step: 'frame', label: '$(symbol-numeric) Boxes', description: preview.frame.by === 'nothing' ? 'none' : `${preview.frame.frame ?? ''}, written as ${preview.written ?? ''}` }
    : { step: 'frame', label: '$(question) Choose what the numbers of the boxes are', description: `${preview.frame.candidates.filter(each => each.isPossible).map(each => each.frame).join(' or ')}` };
  // One line each: the page below says the rest, and is to be seen.
  return [
    ...(rowPlan ? [{ step: 'import', label: `$(cloud-download) Import ${rows}`, description: `to ${path.relative(base, out) || out}` } as const] : [frame]),
    { step: 'format', label: '$(file-code) Format', description: preview.title },
    { step: 'fields', label: '$(table) Fields', description: nothing.length === 0 ? 'all found' : `nothing for ${nothing.join(', ')}` },
    ...(rowPlan ? [frame] : []),
    { step: 'images', label: '$(file-media) Images', description: embedded > 0 ? `${embedded.toLocaleString('en')} in the data` : of === 0 ? 'none' : `${found} of ${of} looked for are there` },
    { step: 'stage', label: '$(mortar-board) Trains', description: stage },
    { step: 'out', label: '$(save) File', description: path.relative(base, out) || out },
  ];
}

async function ask(step: Step, plan: ImportPlan, choices: ImportChoices): Promise<ImportChoices | undefined> {
  const { request } = choices;
  switch (step) {
    case 'frame': {
      const frame = await askFrame(plan);
      return frame && { ...choices, request: { ...request, frame } };
    }
    case 'format': {
      const items = importFormats.map(({ id, title }) => ({ label: title, description: id, id }));
      const picked = await vscode.window.showQuickPick(items, { title: 'Read it as', placeHolder: `Now: ${plan.preview.title}`, ignoreFocusOut: true });
      return picked && { ...choices, request: { ...request, format: picked.id } };
    }
    case 'fields': return askField(plan, choices);
    case 'images': {
      const [folder] = (await vscode.window.showOpenDialog({ title: 'Folder that the image paths start from', canSelectFiles: false, canSelectFolders: true, defaultUri: vscode.Uri.file(plan.preview.images.root) })) ?? [];
      return folder && { ...choices, request: { ...request, imageRoot: folder.fsPath } };
    }
    case 'stage': {
      const stage = await vscode.window.showQuickPick(['perception', 'reasoning'], { title: 'What does it train?', ignoreFocusOut: true });
      return stage === 'perception' || stage === 'reasoning' ? { ...choices, stage } : undefined;
    }
    case 'out': {
      const target = await vscode.window.showSaveDialog({ title: 'Write the dataset to', defaultUri: vscode.Uri.file(choices.out), filters: { 'JSON Lines': ['jsonl'] } });
      return target && { ...choices, out: target.fsPath };
    }
    case 'import': return choices;
  }
}

/** The frames that the boxes allow come first, each with its evidence. */
async function askFrame({ decision }: ImportPlan): Promise<ImportRequest['frame']> {
  const seen = frameChoices(decision);
  const rest = foreignFrames.filter(frame => !seen.some(each => each.frame === frame));
  const items = [
    ...seen.map(({ frame, words, isPossible }) => ({ label: `${isPossible ? '$(check)' : '$(circle-slash)'} ${frame}`, description: factsOf(frame).words, detail: words, frame: frame as string })),
    ...rest.map(frame => ({ label: `$(blank) ${frame}`, description: factsOf(frame).words, frame: frame as string })),
    { label: '$(blank) qwen2.5-resized with other limits…', description: 'patch factor, least and most pixels of the processor', frame: '' },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'What are the numbers of the boxes?', placeHolder: decision.why, matchOnDescription: true, ignoreFocusOut: true });
  if (!picked) return undefined;
  if (picked.frame !== '') return parseForeignFrame(picked.frame);
  const limits = await vscode.window.showInputBox({
    title: 'Limits of the processor', prompt: 'Patch factor, least pixels, most pixels', value: '28, 3136, 12845056', ignoreFocusOut: true,
    validateInput: text => (resized(text) ? undefined : 'Three whole numbers: 28, 3136, 12845056'),
  });
  return limits === undefined ? undefined : resized(limits);
}

function resized(text: string): ImportRequest['frame'] {
  return parseForeignFrame(`qwen2.5-resized{${text.split(',').map(part => part.trim()).join(',')}}`);
}

async function askField({ preview }: ImportPlan, choices: ImportChoices): Promise<ImportChoices | undefined> {
  const field = await vscode.window.showQuickPick(
    preview.mapping.map(({ field: name, sources, filled }) => ({ label: name, description: filled === 0 ? 'nothing' : `← ${sources.map(({ source }) => source).join(', ')}`, name })),
    { title: 'Which field?', placeHolder: 'It is read from another field of theirs', ignoreFocusOut: true },
  );
  if (!field) return undefined;
  const theirs = [...new Set([...preview.keptFields, ...preview.mapping.flatMap(({ sources }) => sources.map(({ source }) => source)).filter(source => !source.includes(' '))])].sort();
  const other = { label: 'Another…', description: 'a path such as extra_info.answer' };
  const picked = await vscode.window.showQuickPick([...theirs.map(label => ({ label })), other], { title: `${field.name} ←`, ignoreFocusOut: true });
  const source = picked === other ? await vscode.window.showInputBox({ title: `${field.name} ←`, prompt: 'Path of their field', ignoreFocusOut: true }) : picked?.label;
  if (source === undefined || source === '') return undefined;
  const map: Partial<Record<keyof Columns, string>> = { ...choices.request.options.map, [field.name]: source };
  return { ...choices, request: { ...choices.request, options: { ...choices.request.options, map } } };
}
