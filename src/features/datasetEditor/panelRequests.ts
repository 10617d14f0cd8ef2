import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/rpc';
import type { DatasetEditorContract } from '../../protocol/datasetEditor';
import type { DatasetDocument, DocumentEdit } from './document';
import { fixRow } from './fixRow';
import type { PanelRows } from './panelRows';
import type { ProposalRequestName } from './proposalRequests';
import type { QuerySession } from './querySession';
import type { SampleFacts } from './sampleFacts';

/** Does something to the document and puts it on the undo stack. */
export type Edit = (work: () => Promise<DocumentEdit | undefined>) => Promise<void>;

/** What a panel's page may ask about, each with what answers it. */
interface PanelParts {
  readonly document: DatasetDocument;
  readonly rows: PanelRows;
  readonly queries: QuerySession;
  readonly samples: SampleFacts;
  readonly edit: Edit;
}

/** Rows, queries and samples: what is only read. */
type Reading = 'rows' | 'viewable' | 'locate' | 'conflicts' | 'thumbnail' | 'query' | 'columns' | 'facet' | 'responses' | 'prompt' | 'nextToReview' | 'agreement';

export function readingRequests({ rows, queries, samples }: PanelParts): Pick<Handlers<DatasetEditorContract>, Reading> {
  return {
    rows: ({ rows: wanted }) => rows.views(wanted),
    conflicts: () => rows.conflicts(),
    locate: async ({ places }) => ({ rows: await rows.locate(places) }),
    thumbnail: async ({ index }) => ({ uri: await rows.picture(index) }),
    viewable: async ({ index, image }) => ({ uri: await rows.viewable(index, image) }),
    query: query => queries.answer(query),
    columns: () => queries.columns(),
    facet: ({ column, query }) => queries.facet(column, query),
    responses: ({ qid }) => samples.responsesOf(qid),
    prompt: async ({ index }) => samples.promptOf(await rows.row(index)),
    nextToReview: async ({ rows: wanted, pass }) => ({ index: await rows.nextToReview(wanted, pass) }),
    agreement: () => rows.agreement(),
  };
}

/** Gestures: each that changes something is one step of undo. `bulk` stops with the signal that `cancellation` gives for it. */
export function editingRequests({ document, rows, edit }: PanelParts, cancellation: () => AbortSignal): Omit<Handlers<DatasetEditorContract>, Reading | ProposalRequestName | 'load' | 'history' | 'workbench' | 'moved'> {
  return {
    change: async ({ index, change, decided, seen }) => {
      await edit(() => document.change(index, change, decided, seen));
      return rows.changed(index);
    },
    curate: async ({ index, change, seen }) => {
      await edit(() => document.change(index, undefined, change, seen));
      return rows.changed(index);
    },
    fix: async ({ index, rule, seen }) => {
      const change = await fixRow(await rows.row(index), rule, document.context);
      await edit(async () => change && document.change(index, change, [], seen));
      return rows.changed(index);
    },
    previewBulk: ({ rows: chosen, edit: change, numbering }) => document.previewBulk(chosen, change, { signal: cancellation(), numbering }),
    bulk: async ({ rows: chosen, edit: change, numbering }) => {
      const signal = cancellation();
      await edit(() => document.bulk(chosen, change, { signal, numbering }));
      return null;
    },
    resolve: async ({ keys, take }) => {
      await edit(() => document.resolve(take, keys ?? undefined));
      return null;
    },
    writeAgain: async () => {
      // With edits it is VS Code's save, so that its dirty mark goes too; a clean document it would not save.
      if (document.unsavedCount > 0) await vscode.commands.executeCommand('workbench.action.files.save');
      else await document.save();
      return null;
    },
  };
}
