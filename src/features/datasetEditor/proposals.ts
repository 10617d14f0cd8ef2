import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors';
import { type Disposable, DisposableStore } from '../../core/lifecycle';
import type { ProposalView, ProposalSource } from '../../core/proposals/proposalView';
import type { Row } from '../../core/dataset/row';
import type { RowText } from '../../platform/dataset/datasetFile';
import { ProposalFile, proposalFilePath } from '../../platform/proposals/proposalFile';
import type { ProposeOutcome, ProposeProgress } from '../../platform/proposals/proposeRows';
import type { Services } from '../../host/services';
import type { DatasetDocument } from './document';
import { askChoice, currentChoice, type ProposalChoice } from './proposalChoice';
import { type FailedProposals, tellFailedProposals } from './mendProposals';
import { tellProposed } from './tellProposed';
import type { Proposers } from './proposers';

interface Opened {
  readonly choice: ProposalChoice;
  readonly source: ProposalSource;
  readonly file: ProposalFile;
}

const together = 100;

/** What the chosen model proposed for the rows of a document, and the asking for more. Nothing here touches a row. */
export class Proposals implements Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<void>());
  private opened: Promise<Opened | undefined> | undefined;
  private running = Promise.resolve();

  /** Any row may have other proposals, or another model proposes. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly document: DatasetDocument,
    private readonly services: Services,
    private readonly proposers: Proposers,
  ) {
    this.lifetime.add(services.datasets.onDidChange(dataset => void (dataset ?? this.forget())));
    this.lifetime.add(vscode.workspace.onDidChangeConfiguration(event => void (event.affectsConfiguration('pebr.proposals') && this.forget())));
  }

  /** Who proposes; null where nobody was chosen, or the model is not there any more, which the asking tells. */
  async source(): Promise<ProposalSource | null> {
    return (await this.quietly())?.source ?? null;
  }

  async of(row: Row): Promise<ProposalView | undefined> {
    const found = (await this.quietly())?.file.of(row.qid);
    return found && found.image === row.images[0] ? { size: found.size, proposals: found.proposals } : undefined;
  }

  /** The file with everything that was proposed; undefined where nobody was chosen. */
  async file(): Promise<ProposalFile | undefined> {
    return (await this.quietly())?.file;
  }

  /** Asks the person who shall propose; a failure on the way is told with what may mend it. */
  async choose(): Promise<boolean> {
    try {
      const choice = await askChoice(this.services, this.document.uri.fsPath);
      if (choice) this.forget();
      return choice !== undefined;
    } catch (error) {
      void tellFailedProposals(this.failed(async remedy => void (remedy === 'chooseModel' ? this.forget() : await this.choose())), error);
      return false;
    }
  }

  /** Has boxes proposed for rows, with progress and a cancel; one after the other where several ask. A failure is told with buttons that may mend it. */
  propose(rows: Uint32Array, labels: readonly string[]): Promise<void> {
    const { numbering } = this.document;
    const again = async (): Promise<void> => {
      this.forget(); // another model may be chosen by now
      if (numbering === this.document.numbering) await this.propose(rows, labels);
      else void vscode.window.showWarningMessage('The file changed on disk meanwhile, so its rows are others now. Ask for proposals again.');
    };
    const failed = this.failed(again);
    this.running = this.running.then(() => this.run(rows, labels, failed)).catch((error: unknown) => void tellFailedProposals(failed, error));
    return this.running;
  }

  private failed(again: FailedProposals['again']): FailedProposals {
    return { services: this.services, file: this.document.uri.fsPath, again };
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private forget(): void {
    this.opened = undefined;
    this.changed.fire();
  }

  private async run(rows: Uint32Array, labels: readonly string[], failed: FailedProposals): Promise<void> {
    let opened = await this.open();
    if (!opened) {
      if (!(await this.choose())) return;
      opened = await this.open();
    }
    if (!opened) return;
    const { choice, file, source } = opened;
    const isOne = rows.length === 1;
    const abort = new AbortController();
    const location = isOne ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification;
    const outcome = await vscode.window.withProgress({ location, title: `Proposing boxes with ${source.name}`, cancellable: !isOne }, async (progress, token): Promise<ProposeOutcome | undefined> => {
      token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
      const { proposeRows } = await import('../../platform/proposals/proposeRows');
      let before = 0;
      try {
        if (!isOne) progress.report({ message: 'loading the model' });
        return await proposeRows(rows.length, rowsOf(this.document, rows), {
          proposer: await this.proposers.open(choice, abort.signal), into: file, context: this.document.context, labels, again: isOne, signal: abort.signal,
          onProgress: now => {
            progress.report({ message: inWords(now), increment: ((now.done - before) / now.total) * 100 });
            before = now.done;
          },
        });
      } finally {
        this.changed.fire(); // what there is stays, after a cancel and a failure too
      }
    });
    if (outcome) tellProposed(outcome, source.name, isOne, failed);
  }

  /** Without the reason why there is none: rows are shown all the same. */
  private async quietly(): Promise<Opened | undefined> {
    try {
      return await this.open();
    } catch (error) {
      this.services.log.warn(`proposals: ${messageOf(error)}`);
      return undefined;
    }
  }

  private open(): Promise<Opened | undefined> {
    this.opened ??= this.openNew();
    const { opened } = this;
    opened.catch(() => {
      if (this.opened === opened) setTimeout(() => (this.opened = undefined), 1000).unref(); // a mended folder is found; rows that are drawn meanwhile do not look again each
    });
    return opened;
  }

  private async openNew(): Promise<Opened | undefined> {
    const file = this.document.uri.fsPath;
    const choice = await currentChoice(this.services, file);
    if (!choice) return undefined;
    const source = await this.proposers.source(choice);
    const dataset = await this.services.datasets.byFile(file);
    const id = dataset && dataset.file === file ? dataset.config.id : path.basename(file).replace(/\.jsonl$/i, '');
    const kept = await ProposalFile.open(proposalFilePath(dataset?.project.folder ?? path.dirname(file), id, source), source);
    for (const problem of kept.problems.slice(0, 5)) this.services.log.warn(`${problem.file}, line ${problem.line}: ${problem.message} ${problem.remedy}`);
    return { choice, source, file: kept };
  }
}

async function* rowsOf(document: DatasetDocument, rows: Uint32Array): AsyncGenerator<RowText> {
  for (let at = 0; at < rows.length; ) {
    const from = rows[at] ?? 0;
    let length = 1;
    while (length < together && rows[at + length] === from + length) length++;
    yield* await document.readRows(from, from + length);
    at += length;
  }
}

function inWords({ done, total, eta }: ProposeProgress): string {
  const left = eta === undefined || done === 0 ? '' : eta < 90_000 ? `, ${Math.max(1, Math.round(eta / 1000))} s left` : `, ${Math.round(eta / 60_000)} min left`;
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} samples${left}`;
}
