import * as path from 'node:path';
import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import type { Project } from '../../core/project/project';
import { readSample } from '../../platform/dataset/readSample';
import type { GroupDetail } from '../../protocol/rollouts';

/** The sample that a group is about, with its picture as the webview may load it; or a sentence that says why it is not there. */
export async function sampleOf(
  webview: vscode.Webview,
  projectFolder: string,
  project: Project | undefined,
  dataset: string,
  qid: string,
): Promise<Pick<GroupDetail, 'sample' | 'missing'>> {
  const config = project?.datasets.find(other => other.id === dataset);
  if (!config) return { missing: `pebr.json names no dataset "${dataset}" any more, so its label and picture cannot be shown.` };
  try {
    const found = await readSample(projectFolder, config, qid);
    if (!found) return { missing: `${config.path} has no sample "${qid}" any more (renamed or deleted since the run).` };
    const { problem, answer, key_words: keyWords, boxes, images } = found.sample;
    return { sample: { problem, answer, keyWords, boxes, imageUri: images[0] === undefined ? null : webview.asWebviewUri(vscode.Uri.file(images[0])).toString() } };
  } catch (error) {
    return { missing: errorInWords(error) };
  }
}

/** Folders from which the panel may load pictures. */
export function imageRoots(projectFolder: string, project: Project | undefined): vscode.Uri[] {
  return (project?.datasets ?? []).map(dataset => vscode.Uri.file(path.resolve(projectFolder, dataset.imageRoot)));
}
