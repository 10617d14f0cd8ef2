import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RolloutsRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { chipOf } from '../../core/query/printQuery';
import { parseRolloutLink, printRolloutLink, type RolloutLink } from '../../core/rollouts/rolloutLink';
import { reportError, runCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { listRunFolders } from '../../platform/runs/runFolders';

/** Links to what the rollouts panel shows: copied there, and opened in whichever window has the project. */
export class RolloutLinks implements vscode.UriHandler {
  constructor(private readonly services: Services) {}

  async handleUri(uri: vscode.Uri): Promise<void> {
    try {
      await runCommand('pebr.rollouts.open', await this.requestOf(uri));
    } catch (error) {
      await reportError(this.services.log, 'link', error);
    }
  }

  /** What a link asks for. No path comes from it: the run is looked for by its name among those of the open folders' projects. Throws `argument.invalid`. */
  async requestOf(uri: vscode.Uri): Promise<RolloutsRequest> {
    const link = parseRolloutLink(uri.path, uri.query);
    if (!link) throw new AppError('argument.invalid', { argument: 'This link', reason: 'it names no run. A link to rollouts is made with "PeBR: Copy Link to Rollouts".' });
    const runFolder = await this.folderOf(link.run);
    const { stage, group, index, filter, sort = [] } = link;
    const text = filter ?? (stage === undefined || group !== undefined ? '' : chipOf('stage', stage));
    return { runFolder, ...(stage !== undefined && { stage }), ...(group !== undefined && { group }), ...(index !== undefined && { index }), query: { text, sort } };
  }

  async copy({ runFolder, stage, group, index, query }: RolloutsRequest): Promise<string> {
    const run = path.basename(runFolder);
    if ((await this.folderOf(run).catch(() => undefined)) !== path.resolve(runFolder)) throw new AppError('argument.invalid', { argument: run, reason: 'these rollouts belong to no run of an open project, so a link would lead nowhere. Export them instead.' });
    const link: RolloutLink = { run, ...(stage !== undefined && { stage }), ...(group !== undefined && { group }), ...(index !== undefined && index >= 0 && { index }), ...(query?.text && { filter: query.text }), ...(query && query.sort.length > 0 && { sort: query.sort }) };
    const text = printRolloutLink(vscode.env.uriScheme, this.services.context.extension.id, link);
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(`$(link) Link to ${group ?? run} copied`, 4000);
    return text;
  }

  private async folderOf(run: string): Promise<string> {
    const projects = await this.services.projects.list();
    for (const { folder } of projects) {
      const found = (await listRunFolders(folder)).find(each => path.basename(each) === run);
      if (found !== undefined) return found;
    }
    const where = projects.length === 0 ? 'no folder with a pebr.json is open' : `none of the open projects (${projects.map(({ folder }) => path.basename(folder)).join(', ')}) has it`;
    throw new AppError('argument.invalid', { argument: `The run "${run.slice(0, 80)}" of this link`, reason: `${where}. Open the folder of its project, then open the link again.` });
  }
}
