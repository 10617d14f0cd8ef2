import * as path from 'node:path';
import * as vscode from 'vscode';
import type { BoxFrame } from '../../core/project/project';
import { readSetting } from '../../host/commands';
import { askEndpointModel } from '../../host/endpoint';
import type { Services } from '../../host/services';

/** Who proposes boxes: a detector's folder, or a model of an endpoint with the frame that it writes boxes in. */
export type ProposalChoice = { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'endpoint'; readonly url: string; readonly model: string; readonly frame: BoxFrame };

const stateKey = 'pebr.proposals.choice';

const frames: readonly (vscode.QuickPickItem & { readonly frame: BoxFrame })[] = [
  { label: 'Thousandths', description: 'norm1000', detail: 'Qwen-VL, Qwen2-VL, Qwen3-VL, InternVL, Gemini', frame: 'norm1000' },
  { label: 'Pixels of the resized image', description: 'qwen2.5-resized', detail: 'Qwen2.5-VL and models trained from it, PeBR-R1 among them', frame: 'qwen2.5-resized' },
  { label: 'Pixels of the image', description: 'pixel', detail: 'Models that are told the size, and servers that do not resize', frame: 'pixel' },
  { label: 'Parts of 1', description: 'norm1', detail: 'LLaVA, Kosmos, Florence', frame: 'norm1' },
];

/** What was chosen in this window, else what the setting or `pebr.json` names. */
export async function currentChoice(services: Services, file: string): Promise<ProposalChoice | undefined> {
  return services.context.workspaceState.get<ProposalChoice>(stateKey) ?? namedChoice(services, file);
}

async function namedChoice({ datasets }: Services, file: string): Promise<ProposalChoice | undefined> {
  const set = readSetting('pebr.proposals.model').trim();
  const dataset = await datasets.byFile(file);
  const base = dataset?.project.folder ?? path.dirname(file);
  if (set !== '') return { kind: 'folder', folder: path.resolve(base, set) };
  const detector = dataset?.project.project?.detector;
  return detector ? { kind: 'folder', folder: path.resolve(base, detector) } : undefined;
}

/** Asks who shall propose, and remembers it for this workspace. Undefined when the person changed their mind. */
export async function askChoice(services: Services, file: string): Promise<ProposalChoice | undefined> {
  const { workspaceState } = services.context;
  const named = await namedChoice(services, file);
  const now = await currentChoice(services, file);
  const isNow = (choice: ProposalChoice): string => (JSON.stringify(choice) === JSON.stringify(now) ? '$(check) ' : '');
  const items: (vscode.QuickPickItem & { readonly choose: () => Promise<ProposalChoice | undefined> })[] = [
    ...(named?.kind === 'folder' ? [{ label: `${isNow(named)}${path.basename(named.folder)}`, description: named.folder, detail: 'Named by pebr.json or the settings', choose: () => Promise.resolve(named) }] : []),
    ...(now && JSON.stringify(now) !== JSON.stringify(named) ? [{ label: `${isNow(now)}${now.kind === 'folder' ? path.basename(now.folder) : now.model}`, description: now.kind === 'folder' ? now.folder : `${now.url}, ${now.frame}`, detail: 'In use', choose: () => Promise.resolve(now) }] : []),
    { label: '$(folder-opened) A detector’s folder…', description: 'ONNX', detail: 'With a pebr-model.json, or an export of OWL-ViT, OWLv2, YOLOS, RT-DETR or D-FINE. It runs on this machine.', choose: () => askFolder() },
    { label: '$(cloud) A vision-language model of an endpoint…', description: 'OpenAI-compatible', detail: 'Pictures and labels of the chosen samples are sent there.', choose: () => askEndpointChoice(services) },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Who Proposes Boxes?', matchOnDescription: true, ignoreFocusOut: true });
  const choice = await picked?.choose();
  if (choice) await workspaceState.update(stateKey, JSON.stringify(choice) === JSON.stringify(named) ? undefined : choice);
  return choice;
}

async function askFolder(): Promise<ProposalChoice | undefined> {
  const [folder] = (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, title: 'Folder of an ONNX Detector', openLabel: 'Use This Detector' })) ?? [];
  return folder && { kind: 'folder', folder: folder.fsPath };
}

async function askEndpointChoice(services: Services): Promise<ProposalChoice | undefined> {
  const asked = await askEndpointModel(services);
  if (!asked) return undefined;
  const frame = await vscode.window.showQuickPick(frames, { title: `What Are the Numbers of a Box of ${asked.model}?`, placeHolder: 'The same digits are other places in another frame, and the answer does not say which it is', matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  return frame && { kind: 'endpoint', ...asked, frame: frame.frame };
}
