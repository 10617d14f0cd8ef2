import { access, constants, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import type { Project } from '../../core/project/project';

/** Datasets that the stages draw from. */
export function usedDatasets({ pipeline, datasets }: Project): Project['datasets'] {
  const used = new Set(pipeline.stages.flatMap(stage => [stage.dataset, ...(stage.replay ? [stage.replay.dataset] : [])]));
  return datasets.filter(dataset => used.has(dataset.id));
}

/** Whether the files that the run reads are there and have content; one check when all are, else one a file. */
export async function checkFiles(folder: string, project: Project): Promise<readonly LaunchCheck[]> {
  const files = [
    ...(project.pipeline.warmUp ? [project.pipeline.warmUp.data] : []),
    ...usedDatasets(project).flatMap(dataset => [dataset.path, ...(dataset.heldOut ? [dataset.heldOut] : [])]),
    ...(project.prompt ? [project.prompt] : []),
  ];
  const faults = (await Promise.all(files.map(file => checkFile(folder, file)))).flatMap(fault => fault ?? []);
  const clip = project.clip ? await checkClip(folder, project.clip) : [];
  return [...(faults.length > 0 ? faults : [passed('files', 'Files', `${files.length} files are there.`)]), ...clip];
}

async function checkFile(folder: string, file: string): Promise<LaunchCheck | undefined> {
  const absolute = path.resolve(folder, file);
  const about = { id: `files@${file}`, title: 'Files', state: 'error', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } } as const;
  try {
    await access(absolute, constants.R_OK);
    const found = await stat(absolute);
    if (!found.isFile()) return { ...about, message: `${file} is a folder.`, remedy: 'Name a file in pebr.json.' };
    return found.size === 0 ? { ...about, message: `${file} is empty.`, remedy: 'Add rows, or name another file in pebr.json.' } : undefined;
  } catch (error) {
    return { ...about, message: `${file} cannot be read: ${messageOf(error)}`, remedy: 'Put the file there, or correct its path in pebr.json.' };
  }
}

async function checkClip(folder: string, clip: string): Promise<readonly LaunchCheck[]> {
  const [id, title] = ['clip', 'Image-text model'];
  const isFolder = await stat(path.resolve(folder, clip)).then(found => found.isDirectory(), () => false);
  if (isFolder) return [passed(id, title, `${clip} is there.`)];
  return [{ id, title, state: 'error', message: `There is no folder ${clip}; the clip component cannot be computed.`, remedy: 'Put an ONNX image-text model there, or correct "clip" in pebr.json.', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } }];
}
