import { randomInt } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { readSetting } from '../../host/commands';
import { askEndpointModel, endpointKey } from '../../host/endpoint';
import { findHostPython, trainerFolder } from '../../host/hostPython';
import type { Services } from '../../host/services';
import { readSamples } from '../../platform/dataset/readSample';
import { checkpointResponses } from '../../platform/responses/checkpointResponses';
import { endpointResponses } from '../../platform/responses/endpointResponses';
import type { FreshOutcome, FreshRequest } from '../../platform/responses/freshResponse';
import { listCheckpoints } from '../../platform/responses/listCheckpoints';
import { onnxResponses } from '../../platform/responses/onnx/onnxResponses';
import { exportFolderOf, hasExport } from '../../platform/responses/onnx/policyFolder';
import { ResponseWriter } from '../../platform/responses/responseFile';
import type { PlaygroundChoice } from '../../protocol/playground';

/** Who answers: a checkpoint's folder, the base policy (null), an exported policy, or the endpoint. */
type Responder = { readonly kind: 'checkpoint'; readonly folder: string | null } | { readonly kind: 'onnx'; readonly folder: string; readonly name: string } | { readonly kind: 'endpoint'; readonly url: string; readonly model: string };

/** Samples new responses to the first samples of the chosen dataset, into a file that is scored like any other. Undefined when the person changed their mind. */
export async function sampleFreshResponses(services: Services, choice: PlaygroundChoice): Promise<string | undefined> {
  if (choice.dataset === null) throw new AppError('argument.invalid', { argument: 'dataset', reason: 'choose one to sample responses for' });
  if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: 'Sampling runs the prompt and the policy of this folder' });
  const { project, config } = await services.datasets.byId(choice.dataset);
  const resolved = (await services.projects.usable()).find(open => open.folder === project.folder)?.project;
  if (!resolved) throw new AppError('project.missing', { folder: project.folder });
  const responder = await askResponder(services, project.folder, resolved.policy.base);
  const size = responder && (await askSize());
  if (!responder || !size) return undefined;
  const samples = await readSamples(project.folder, config, { limit: size.samples });
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Sampling responses', cancellable: true }, async (progress, token) => {
    const writer = await ResponseWriter.open(project.folder, fileName(responder, new Date()));
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    let written = 0;
    const request: FreshRequest = {
      folder: project.folder, project: resolved, dataset: config, samples, responses: size.responses, temperature: resolved.pipeline.sampling?.temperature ?? 1, signal: abort.signal,
      onResponse: response => {
        written++;
        writer.write({ dataset: config.id, ...response, policy: nameOf(responder, resolved.policy.base) });
      },
      onProgress: ({ done, total, what }) => progress.report({ message: total === 0 ? what : `${done} of ${total} samples, ${what}`, increment: total === 0 ? 0 : 100 / total }),
    };
    try {
      tellLeft(await respond(services, responder, request));
    } catch (error) {
      if (!(error instanceof vscode.CancellationError) || written === 0) throw error; // what was sampled before the cancel is kept
    } finally {
      await writer.close();
    }
    return writer.file;
  });
}

async function respond(services: Services, responder: Responder, request: FreshRequest): Promise<FreshOutcome> {
  if (responder.kind === 'endpoint') {
    const key = await endpointKey(services, responder.url);
    return endpointResponses({ url: responder.url, model: responder.model, ...(key === undefined ? {} : { key }) }, request);
  }
  if (responder.kind === 'onnx') return onnxResponses({ folder: exportFolderOf(responder.folder), name: responder.name, seed: randomInt(2 ** 31) }, request);
  const { program } = await findHostPython(services.context, services.log);
  return checkpointResponses({ python: program, trainerFolder: trainerFolder(services.context), checkpoint: responder.folder }, request);
}

async function askResponder(services: Services, folder: string, base: string): Promise<Responder | undefined> {
  const checkpoints = await listCheckpoints(folder);
  const url = readSetting('pebr.endpoint.url').trim();
  const baseFolder = path.resolve(folder, base);
  const exported = [{ folder: baseFolder, name: base, label: 'Base policy', description: base }, ...checkpoints.map(each => ({ folder: each.folder, name: each.folder, label: `${each.stage} · ${each.name}`, description: each.run }))]
    .filter(each => hasExport(each.folder));
  const items: (vscode.QuickPickItem & { readonly responder: () => Promise<Responder | undefined> })[] = [
    { label: 'Base policy', description: base, responder: () => Promise.resolve({ kind: 'checkpoint', folder: null }) },
    ...checkpoints.map(({ folder: checkpoint, run, stage, name }) => ({ label: `${stage} · ${name}`, description: run, responder: () => Promise.resolve({ kind: 'checkpoint' as const, folder: checkpoint }) })),
    ...exported.map(({ folder: policy, name, label, description }) => ({ label: `${label} · without Python`, description, responder: () => Promise.resolve({ kind: 'onnx' as const, folder: policy, name }) })),
    { label: 'OpenAI-compatible endpoint…', description: url === '' ? 'vLLM, SGLang, llama.cpp, a hosted service' : url, responder: () => askModel(services) },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Sample Responses: from Which Policy?', matchOnDescription: true, ignoreFocusOut: true });
  return chosen?.responder();
}

function nameOf(responder: Responder, base: string): string {
  if (responder.kind === 'endpoint') return responder.model;
  return responder.kind === 'onnx' ? responder.name : (responder.folder ?? base);
}

async function askModel(services: Services): Promise<Responder | undefined> {
  const asked = await askEndpointModel(services);
  return asked && { kind: 'endpoint', ...asked };
}

async function askSize(): Promise<{ readonly samples: number; readonly responses: number } | undefined> {
  const pattern = /^\s*(\d{1,5})\s*[x×*]\s*(\d{1,3})\s*$/;
  const text = await vscode.window.showInputBox({
    title: 'Samples × Responses', prompt: 'The first samples of the dataset, and how many responses to each.', value: '8 × 8', ignoreFocusOut: true,
    validateInput: given => (pattern.test(given) && !/(^|\D)0+\D*$|^\s*0+\D/.test(given) ? undefined : 'Two whole numbers above 0, such as 8 × 8'),
  });
  const [, samples, responses] = pattern.exec(text ?? '') ?? [];
  return samples === undefined || responses === undefined ? undefined : { samples: Number(samples), responses: Number(responses) };
}

function tellLeft({ left }: FreshOutcome): void {
  const [first] = left;
  if (first) void vscode.window.showWarningMessage(`${left.length} samples have too few responses. ${first.qid}: ${first.reason}.`);
}

/** `20261121-101500-perception-final`: the time first, so that names sort by it. */
function fileName(responder: Responder, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const who = responder.kind === 'endpoint' ? responder.model : responder.folder === null ? 'base' : responder.folder.split(path.sep).slice(-2).join('-');
  return `${stamp}-${who.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'policy'}`;
}
