import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { messageOf } from '../../core/errors';
import { type ProposalRemedy, proposalRemedies } from '../../core/proposals/proposalRemedies';
import { readSetting } from '../../host/commands';
import { setEndpointKey } from '../../host/endpoint';
import type { Services } from '../../host/services';
import { askChoice, currentChoice } from './proposalChoice';

/** Proposals that failed: for which file, and how to ask again. */
export interface FailedProposals {
  readonly services: Services;
  readonly file: string;
  /** Another model was chosen, or the same one is mended. */
  readonly again: (remedy: ProposalRemedy) => Promise<void>;
}

const titles: Readonly<Record<ProposalRemedy, string>> = {
  retry: 'Try Again', chooseModel: 'Choose Who Proposes…', nameModel: 'Open Setting', openDescription: 'Open Description', giveKey: 'Give Key…', openEndpoint: 'Endpoint Settings', trust: 'Manage Trust',
};

/** Tells why nothing could be proposed, with a button for each thing that may mend it. Cancellation is silent. */
export async function tellFailedProposals(failed: FailedProposals, error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  failed.services.log.error(`proposals: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`);
  await offerRemedies(failed, vscode.window.showErrorMessage, errorInWords(error), proposalRemedies(error));
}

/** Shows a message with buttons, and does what the chosen one says. */
export async function offerRemedies(failed: FailedProposals, show: (message: string, ...items: string[]) => Thenable<string | undefined>, message: string, remedies: readonly ProposalRemedy[]): Promise<void> {
  const chosen = await show(message, ...remedies.map(remedy => titles[remedy]));
  const remedy = remedies.find(each => titles[each] === chosen);
  if (!remedy) return;
  try {
    if (await mend(remedy, failed)) await failed.again(remedy);
  } catch (error) {
    await tellFailedProposals(failed, error);
  }
}

/** Whether it is worth asking again at once. */
async function mend(remedy: ProposalRemedy, { services, file }: FailedProposals): Promise<boolean> {
  const choice = await currentChoice(services, file);
  switch (remedy) {
    case 'retry': return true;
    case 'chooseModel': return (await askChoice(services, file)) !== undefined;
    case 'giveKey': return setEndpointKey(services, choice?.kind === 'endpoint' ? choice.url : undefined);
    case 'openEndpoint':
      await vscode.commands.executeCommand('workbench.action.openSettings', 'pebr.endpoint');
      return false;
    case 'trust':
      await vscode.commands.executeCommand('workbench.trust.manage');
      return false;
    case 'openDescription': {
      const folder = choice?.kind === 'folder' ? choice.folder : path.dirname(file);
      const described = ['pebr-model.json', 'preprocessor_config.json', 'config.json'].map(name => path.join(folder, name)).find(each => existsSync(each));
      if (described === undefined) await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(folder));
      else await vscode.window.showTextDocument(vscode.Uri.file(described), { viewColumn: vscode.ViewColumn.Beside });
      return false;
    }
    case 'nameModel': {
      const project = (await services.datasets.byFile(file))?.project;
      if (readSetting('pebr.proposals.model').trim() !== '' || !project) await vscode.commands.executeCommand('workbench.action.openSettings', 'pebr.proposals.model');
      else await vscode.window.showTextDocument(vscode.Uri.file(project.file), { viewColumn: vscode.ViewColumn.Beside });
      return false;
    }
  }
}
