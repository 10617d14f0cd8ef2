import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { untouched } from '../../core/curation/curation';
import type { Services } from '../../host/services';
import { curationFile, readCuration } from '../../platform/dataset/curationFile';
import { readSample } from '../../platform/dataset/readSample';
import type { GroupDetail } from '../../protocol/rollouts';

/** What stands beside a group: its sample with its picture as the page may load it, and what is decided about it; or a sentence that says why that is not there. */
export async function besideGroup({ datasets }: Services, webview: vscode.Webview, id: string, qid: string): Promise<Pick<GroupDetail, 'sample' | 'missing' | 'curation' | 'difficulty'>> {
  const none = { curation: null, difficulty: null };
  const dataset = (await datasets.list()).find(each => each.config.id === id);
  if (!dataset) return { ...none, missing: id === '' ? 'These rollouts name no dataset, and no sample has their prompt: label and picture cannot be shown.' : `No pebr.json names a dataset "${id}", so its label and picture cannot be shown.` };
  try {
    const found = await readSample(dataset.project.folder, dataset.config, qid);
    if (!found) return { ...none, missing: `${dataset.config.path} has no sample "${qid}" (renamed or deleted since the run).` };
    const { problem, answer, key_words: keyWords, boxes, images } = found.sample;
    const curation = (await readCuration(curationFile(found.file))).records.get(qid) ?? untouched;
    const difficulty = curation.difficulty ?? (await datasets.difficulty(dataset)).records.get(qid)?.difficulty ?? null;
    const imageUri = images[0] === undefined ? null : webview.asWebviewUri(vscode.Uri.file(images[0])).toString();
    return { curation, difficulty, sample: { problem, answer, keyWords, boxes, boxFrame: dataset.config.boxFrame, imageUri } };
  } catch (error) {
    return { ...none, missing: errorInWords(error) };
  }
}

/** Folders from which the panel may load pictures. */
export async function imageRoots({ datasets }: Services): Promise<readonly vscode.Uri[]> {
  return (await datasets.list()).map(dataset => vscode.Uri.file(dataset.imageRoot));
}
