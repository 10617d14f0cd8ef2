import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SampleRef } from '../core/dataset/sample';
import { AppError } from '../core/errors';
import { DisposableStore } from '../core/lifecycle';
import { defaultColumns } from '../core/project/projectDefaults';
import type { DatasetConfig } from '../core/project/project';
import { type DifficultyFile, difficultyFile, readDifficulty } from '../platform/dataset/difficultyFile';
import type { RowContext } from '../platform/dataset/inspectRow';
import { rowContext } from '../platform/dataset/lintDataset';
import { type PlacedSample, readSample } from '../platform/dataset/readSample';
import type { OpenProject, ProjectService } from './projectService';

/** A dataset that a `pebr.json` of the workspace names. */
export interface ProjectDataset {
  readonly project: OpenProject;
  readonly config: DatasetConfig;
  /** Absolute. */
  readonly file: string;
  readonly heldOut: string | undefined;
  readonly imageRoot: string;
  readonly difficultyFile: string;
}

/** The datasets of the workspace, and what of them changed on disk. */
export class DatasetService implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<ProjectDataset | undefined>());
  private watched = new DisposableStore();
  private loaded: Promise<readonly ProjectDataset[]> | undefined;

  /** A dataset whose rows, images or difficulty changed on disk; `undefined` when the list itself did. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly projects: ProjectService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.lifetime.add(projects.onDidChange(() => this.refresh()));
  }

  list(): Promise<readonly ProjectDataset[]> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  /** Reads everything again. */
  refresh(): void {
    this.loaded = undefined;
    this.changed.fire(undefined);
  }

  /** Throws `argument.invalid` naming the datasets there are. */
  async byId(id: string): Promise<ProjectDataset> {
    const datasets = await this.list();
    const found = datasets.find(dataset => dataset.config.id === id);
    if (found) return found;
    const known = datasets.map(dataset => dataset.config.id).join(', ');
    throw new AppError('argument.invalid', { argument: id, reason: `no pebr.json of this folder names such a dataset. Known: ${known || 'none'}.` });
  }

  /** The dataset whose rows or held-out rows are in this file. */
  async byFile(file: string): Promise<ProjectDataset | undefined> {
    return (await this.list()).find(dataset => dataset.file === file || dataset.heldOut === file);
  }

  /** How a file's rows are read; a file that no project names has the default columns, pixels, and images beside it. */
  async contextOf(file: string): Promise<RowContext> {
    const dataset = await this.byFile(file);
    if (dataset) return { ...rowContext(dataset.project.folder, dataset.config), file, maxPromptTokens: dataset.project.project?.policy.maxPromptTokens ?? null };
    return { file, imageRoot: path.dirname(file), stage: 'reasoning', columns: defaultColumns, boxFrame: 'pixel', maxPromptTokens: null };
  }

  /** What sampling found; empty before the first sampling. */
  difficulty(dataset: ProjectDataset): Promise<DifficultyFile> {
    return readDifficulty(dataset.difficultyFile);
  }

  /** A sample ready for scoring. Throws `argument.invalid` when the dataset does not have it. */
  async sample(ref: SampleRef): Promise<PlacedSample> {
    const dataset = await this.byId(ref.dataset);
    const found = await readSample(dataset.project.folder, dataset.config, ref.qid);
    if (!found) throw new AppError('argument.invalid', { argument: ref.qid, reason: `${dataset.file} has no such sample. It may have been renamed or deleted.` });
    return found;
  }

  dispose(): void {
    this.watched.dispose();
    this.lifetime.dispose();
  }

  private async load(): Promise<readonly ProjectDataset[]> {
    const datasets = (await this.projects.usable()).flatMap(project =>
      project.project.datasets.map((config): ProjectDataset => ({
        project,
        config,
        file: path.resolve(project.folder, config.path),
        heldOut: config.heldOut === null ? undefined : path.resolve(project.folder, config.heldOut),
        imageRoot: path.resolve(project.folder, config.imageRoot),
        difficultyFile: difficultyFile(project.folder, config.id),
      })),
    );
    this.watch(datasets);
    this.log.debug(`datasets: ${datasets.map(dataset => dataset.config.id).join(', ') || 'none'}`);
    return datasets;
  }

  private watch(datasets: readonly ProjectDataset[]): void {
    this.watched.dispose();
    this.watched = new DisposableStore();
    for (const dataset of datasets) {
      const { folder } = dataset.project;
      const files = [dataset.file, ...(dataset.heldOut === undefined ? [] : [dataset.heldOut])];
      // A file that is written at once into a new folder is only told as that folder.
      const difficulty = `{.pebr,.pebr/difficulty,.pebr/difficulty/${dataset.config.id}.jsonl}`;
      const patterns = [
        ...files.map(file => patternOf(folder, file, '')),
        patternOf(folder, dataset.imageRoot, '**/*.{png,jpg,jpeg,webp,gif,bmp}'),
        new vscode.RelativePattern(vscode.Uri.file(folder), difficulty),
      ];
      for (const pattern of patterns) {
        const watcher = this.watched.add(vscode.workspace.createFileSystemWatcher(pattern));
        const tell = this.afterQuiet(() => this.changed.fire(dataset));
        for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.watched.add(event(tell));
      }
    }
  }

  /** Many files changing at once (a sampling run, a checkout) are one change. */
  private afterQuiet(run: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    this.watched.add({ dispose: () => clearTimeout(timer) });
    return () => {
      clearTimeout(timer);
      timer = setTimeout(run, 200);
    };
  }
}

/** Watches from the project's folder where it can: the folder of a file may not exist yet, and then nothing in it would be seen. */
function patternOf(projectFolder: string, place: string, below: string): vscode.RelativePattern {
  const relative = path.relative(projectFolder, place);
  const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  const [base, rest] = isInside ? [projectFolder, relative] : below === '' ? [path.dirname(place), path.basename(place)] : [place, ''];
  return new vscode.RelativePattern(vscode.Uri.file(base), [rest.split(path.sep).join('/'), below].filter(Boolean).join('/'));
}
