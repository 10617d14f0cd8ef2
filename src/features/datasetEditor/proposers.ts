import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { type Disposable } from '../../core/lifecycle';
import type { ProposalSource } from '../../core/proposals/proposalView';
import { endpointKey } from '../../host/endpoint';
import type { Services } from '../../host/services';
import { readDetectorFolder } from '../../platform/proposals/detectorFolder';
import { DetectorProposer } from '../../platform/proposals/detectorProposer';
import { endpointModel, EndpointProposer } from '../../platform/proposals/endpointProposer';
import type { Proposer } from '../../platform/proposals/proposer';
import type { ProposalChoice } from './proposalChoice';

/** A model whose boxes carry no score is shown whatever the threshold; others of an endpoint are seldom below this. */
const endpointThreshold = 0.3;

/** The models of this window, each loaded when it is first asked and kept. */
export class Proposers implements Disposable {
  private readonly detectors = new Map<string, { readonly hash: string; readonly started: Promise<DetectorProposer> }>();

  constructor(private readonly services: Services) {}

  /** Whose proposals a choice stands for, without loading a model. Throws `detector.unusable`. */
  async source(choice: ProposalChoice): Promise<ProposalSource> {
    if (choice.kind === 'endpoint') return { ...endpointModel(choice), threshold: endpointThreshold };
    const { model, config } = await readDetectorFolder(choice.folder);
    return { ...model, threshold: config.threshold };
  }

  /** Ready to be asked. Throws `workspace.untrusted`, `detector.unusable`, `detector.lost` or `argument.invalid`. */
  async open(choice: ProposalChoice, signal: AbortSignal): Promise<Proposer> {
    if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: 'Boxes are proposed by a model that this folder names, or by an endpoint that its pictures are sent to' });
    if (choice.kind === 'endpoint') {
      const key = await endpointKey(this.services, choice.url);
      return new EndpointProposer({ ...choice, ...(key === undefined ? {} : { key }) });
    }
    const { hash } = (await readDetectorFolder(choice.folder)).model; // a model that was exported anew is loaded anew
    const known = this.detectors.get(choice.folder);
    const proposer = await known?.started.catch(() => undefined);
    if (proposer && known?.hash === hash && !proposer.isLost) return proposer;
    proposer?.dispose();
    const started = DetectorProposer.start(choice.folder, vscode.Uri.joinPath(this.services.context.extensionUri, 'dist').fsPath, signal);
    this.detectors.set(choice.folder, { hash, started });
    return started;
  }

  dispose(): void {
    for (const { started } of this.detectors.values()) started.then(proposer => proposer.dispose(), () => undefined); // one that did not start is told to who asked
  }
}
