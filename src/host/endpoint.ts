import * as vscode from 'vscode';
import { endpointModels } from '../platform/responses/endpointResponses';
import { readSetting } from './commands';
import type { Services } from './services';

/** Keys are kept per address: the key of one server is never sent to another. */
function secretOf(url: string): string {
  return `pebr.endpoint.key ${url}`;
}

/** Address of the OpenAI-compatible server; asks for it where none is set. Undefined when the person changed their mind. */
export async function askEndpoint(): Promise<string | undefined> {
  const known = readSetting('pebr.endpoint.url').trim();
  if (known !== '') return known;
  const url = await vscode.window.showInputBox({
    title: 'OpenAI-Compatible Endpoint', prompt: 'Base address, for example of `vllm serve`. Prompts and pictures of the chosen samples are sent there, and nowhere else.',
    placeHolder: 'http://127.0.0.1:8000/v1', ignoreFocusOut: true, validateInput: text => (/^https?:\/\/[^\s/]+/.test(text.trim()) ? undefined : 'An address begins with http:// or https://'),
  });
  if (url === undefined) return undefined;
  await vscode.workspace.getConfiguration().update('pebr.endpoint.url', url.trim(), vscode.ConfigurationTarget.Global);
  return url.trim();
}

export function endpointKey({ context }: Services, url: string): Thenable<string | undefined> {
  return context.secrets.get(secretOf(url));
}

/** Asks for the key of the endpoint (that of the setting where none is given) and keeps it in the editor's secret storage; an empty one is forgotten. False when the person changed their mind. */
export async function setEndpointKey({ context }: Services, given?: string): Promise<boolean> {
  const url = given ?? (await askEndpoint());
  if (url === undefined) return false;
  const key = await vscode.window.showInputBox({ title: `Key of ${url}`, prompt: 'Kept in the secret storage of the editor. Empty: the key is forgotten.', password: true, ignoreFocusOut: true });
  if (key === undefined) return false;
  if (key === '') await context.secrets.delete(secretOf(url));
  else await context.secrets.store(secretOf(url), key);
  return true;
}

/** Address and model of the endpoint, each asked for where it is not set. Undefined when the person changed their mind. */
export async function askEndpointModel(services: Services): Promise<{ readonly url: string; readonly model: string } | undefined> {
  const url = await askEndpoint();
  if (url === undefined) return undefined;
  const set = readSetting('pebr.endpoint.model').trim();
  if (set !== '') return { url, model: set };
  const key = await endpointKey(services, url);
  const models = await endpointModels({ url, ...(key === undefined ? {} : { key }) });
  const model = models.length <= 1 ? models[0] : await vscode.window.showQuickPick([...models], { title: `Model of ${url}`, ignoreFocusOut: true });
  return model === undefined ? undefined : { url, model };
}
