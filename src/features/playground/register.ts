import * as vscode from 'vscode';
import type { PlaygroundRequest } from '../../contributions';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import type { PlaygroundChoice } from '../../protocol/playground';
import { setEndpointKey } from './endpoint';
import { PlaygroundPanel, playgroundPanelType, type PlaygroundWish } from './playgroundPanel';
import { choiceOfRequest } from './playgroundOptions';

/** The command that opens the playground; the one panel is shown again when it is open. */
export function registerPlayground(services: Services): void {
  const { lifetime, log } = services;
  let open: PlaygroundPanel | undefined;

  const attach = async (panel: vscode.WebviewPanel, wish: PlaygroundWish): Promise<void> => {
    const attached = new PlaygroundPanel(services, panel, wish);
    open = attached;
    attached.lifetime.add({
      dispose: () => {
        if (open === attached) open = undefined;
      },
    });
    await attached.start();
  };

  const show = async (given: unknown, more: PlaygroundWish = {}): Promise<void> => {
    const wish = { ...choiceOfRequest(requestOf(given) ?? requestOfEditor() ?? {}), ...more };
    if (open) await open.open(wish);
    else await attach(vscode.window.createWebviewPanel(playgroundPanelType, 'Reward Playground', { viewColumn: columnFor(), preserveFocus: false }, {}), wish);
  };

  lifetime.add(registerCommand(log, 'pebr.playground.open', given => show(given)));
  lifetime.add(registerCommand(log, 'pebr.reward.attack', given => show(given, { tab: 'attacks' })));
  lifetime.add(registerCommand(log, 'pebr.endpoint.setKey', () => setEndpointKey(services)));
  lifetime.add(vscode.window.registerWebviewPanelSerializer(playgroundPanelType, {
    deserializeWebviewPanel: (panel, state: unknown) => attach(panel, (state as { choice?: PlaygroundChoice } | undefined)?.choice ?? {}),
  }));
  lifetime.add({ dispose: () => open?.panel.dispose() });
}

/** Beside the reward file when one is open, else where the person is. */
function columnFor(): vscode.ViewColumn {
  return requestOfEditor() ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
}

/** The reward file in the editor. */
function requestOfEditor(): PlaygroundRequest | undefined {
  const file = vscode.window.activeTextEditor?.document.uri;
  return file && (/\.reward\.[mc]?[tj]s$/.test(file.path) || /reward[^/]*\.py$/.test(file.path)) ? { reward: file.fsPath } : undefined;
}

/** The menus hand over what they stand on: a file of the editor title, a node of the Rewards view; commands hand over a path or a request. */
function requestOf(given: unknown): PlaygroundRequest | undefined {
  if (typeof given === 'string') return { reward: given };
  if (given instanceof vscode.Uri) return { reward: given.fsPath };
  if (typeof given !== 'object' || given === null) return undefined;
  const { reward } = given as { readonly reward?: unknown };
  if (typeof reward === 'object' && reward !== null) return { reward: (reward as { readonly path: string }).path };
  return given as PlaygroundRequest;
}
