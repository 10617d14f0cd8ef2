import * as vscode from 'vscode';
import type { PlaygroundRequest } from '../../contributions';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import type { PlaygroundChoice } from '../../protocol/playground';
import { setEndpointKey } from '../../host/endpoint';
import { PlaygroundPanel, playgroundPanelType, type PlaygroundWish } from './playgroundPanel';
import { choiceOfRequest } from './playgroundOptions';
import { rewardOfEditor } from './rewardOfEditor';

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
    const edited = await rewardOfEditor(services.projects);
    const wish = { ...choiceOfRequest(requestOf(given) ?? (edited === undefined ? {} : { reward: edited })), ...more };
    const viewColumn = edited === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside; // beside the reward file when one is open
    if (open) await open.open(wish);
    else await attach(vscode.window.createWebviewPanel(playgroundPanelType, 'Reward Playground', { viewColumn, preserveFocus: false }, {}), wish);
  };

  lifetime.add(registerCommand(log, 'pebr.playground.open', given => show(given)));
  lifetime.add(registerCommand(log, 'pebr.reward.attack', given => show(given, { tab: 'attacks' })));
  lifetime.add(registerCommand(log, 'pebr.endpoint.setKey', async () => void (await setEndpointKey(services))));
  lifetime.add(vscode.window.registerWebviewPanelSerializer(playgroundPanelType, {
    deserializeWebviewPanel: (panel, state: unknown) => attach(panel, (state as { choice?: PlaygroundChoice } | undefined)?.choice ?? {}),
  }));
  lifetime.add({ dispose: () => open?.panel.dispose() });
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
