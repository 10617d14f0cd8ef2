import * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import type { RowText } from '../../platform/dataset/datasetFile';
import type { DatasetDocument } from './document';

const mostFound = 100;

interface RowItem extends vscode.QuickPickItem {
  readonly index: number;
}

/** Asks for a sample: part of its id or question, or its number. `undefined` when the person thinks better of it. */
export function askForSample(document: DatasetDocument): Promise<number | undefined> {
  const pick = vscode.window.createQuickPick<RowItem>();
  pick.placeholder = 'Part of an id or a question, or a number';
  pick.matchOnDescription = true;
  let search = new AbortController();
  let isAccepted = false;
  const find = async (text: string): Promise<void> => {
    search.abort();
    search = new AbortController();
    const { signal } = search;
    pick.busy = true;
    const items = await findRows(document, text.trim(), signal);
    if (signal.aborted) return;
    pick.items = items;
    pick.busy = false;
    if (isAccepted) answer(items.find(({ label }) => label === text.trim()) ?? items[0]);
  };
  let answer: (item: RowItem | undefined) => void = () => undefined;
  const begin = (text: string): void => void find(text).catch((error: unknown) => {
    if ((error as Error).name !== 'AbortError') throw error;
  });
  return new Promise(resolve => {
    answer = item => {
      resolve(item?.index);
      pick.hide();
    };
    pick.onDidChangeValue(begin);
    pick.onDidAccept(() => {
      if (pick.busy) isAccepted = true; // what is listed is of the text before
      else answer(pick.activeItems[0]);
    });
    pick.onDidHide(() => {
      search.abort();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
    begin('');
  });
}

async function findRows(document: DatasetDocument, text: string, signal: AbortSignal): Promise<readonly RowItem[]> {
  const found: RowItem[] = [];
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  if (number !== undefined) found.push(...(await document.readRows(number - 1, number)).map(at => itemOf(at, document)));
  const needle = text.toLowerCase();
  for await (const rows of document.saved.batches(signal)) {
    for (const at of rows) {
      if (needle !== '' && !at.text.toLowerCase().includes(needle)) continue; // cheap, and never wrong for plain letters
      const item = itemOf(at, document);
      if (`${item.label} ${item.description}`.toLowerCase().includes(needle)) found.push(item);
      if (found.length >= mostFound) return found;
    }
  }
  return found;
}

function itemOf(at: RowText, document: DatasetDocument): RowItem {
  const { row } = parseRow(at.text, document.context.columns);
  return {
    index: at.row,
    label: row?.qid || `line ${at.line}`,
    description: row ? row.problem.replaceAll('<image>', '').replace(/\s+/g, ' ').trim().slice(0, 120) : 'cannot be read',
    alwaysShow: true,
  };
}
