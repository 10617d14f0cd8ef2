import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileHashes, Hash } from '../../core/pipeline/fileHashes';
import type { Project } from '../../core/project/project';
import { type FoundPictures, PictureHasher } from './picturesHash';
import { importedFiles } from './rewardImports';

const megabyte = 1 << 20;

/** Hashes of what a project's runs depend on, as `trainer/pebr_trainer/file_hashes.py` finds them and writes them into `run.json`. A file that has not changed is read once. */
export class FileHasher {
  private readonly pictureHasher = new PictureHasher();
  private readonly known = new Map<string, { readonly stamp: string; readonly hash: Hash }>();

  async hashes(folder: string, project: Project): Promise<FileHashes> {
    const of = (file: string | null | undefined): Promise<Hash> => (file == null ? Promise.resolve(null) : this.file(path.resolve(folder, file)));
    const { stages, sampling, warmUp } = project.pipeline;
    const rewards = [...new Set([...project.rewards, ...stages.map(stage => stage.reward), ...stages.flatMap(stage => (stage.replay ? [stage.replay.reward] : [])), ...(sampling ? [sampling.reward] : [])])];
    const each = async (entries: readonly (readonly [string, string | null])[]): Promise<Record<string, Hash>> =>
      Object.fromEntries(await Promise.all(entries.map(async ([key, file]) => [key, await of(file)] as const)));
    const { datasets } = project;
    const imports = await Promise.all(rewards.map(async reward => [reward, await each((await importedFiles(folder, reward)).map(file => [file, file]))] as const));
    const pictures = await this.pictures(folder, project);
    return {
      datasets: await each(datasets.map(dataset => [dataset.id, dataset.path])),
      heldOut: await each(datasets.map(dataset => [dataset.id, dataset.heldOut])),
      curation: await each(datasets.map(dataset => [dataset.id, `${dataset.path}.curation.jsonl`])),
      pictures: Object.fromEntries(pictures.map(([rows, { hash }]) => [rows, hash])),
      newestPictures: Object.fromEntries(pictures.map(([rows, { newest }]) => [rows, newest])),
      rewards: await each(rewards.map(reward => [reward, reward])),
      imports: Object.fromEntries(imports),
      prompt: await of(project.prompt),
      warmUp: await of(warmUp?.data),
      policy: await this.folder(path.resolve(folder, project.policy.base)),
      clip: project.clip === null ? null : await this.folder(path.resolve(folder, project.clip)),
    };
  }

  /** Of each file of rows, what its pictures come to. */
  private pictures(folder: string, { datasets, pipeline: { warmUp } }: Project): Promise<(readonly [string, FoundPictures])[]> {
    const files = datasets.flatMap(({ path: rows, heldOut, columns, imageRoot }) => [rows, ...(heldOut === null ? [] : [heldOut])].map(file => ({ file, column: columns.images, root: path.resolve(folder, imageRoot) })));
    if (warmUp) files.push({ file: warmUp.data, column: 'images', root: path.dirname(path.resolve(folder, warmUp.data)) });
    return Promise.all(files.map(async ({ file, column, root }) => [file, await this.pictureHasher.of(path.resolve(folder, file), column, root)] as const));
  }

  private async file(file: string): Promise<Hash> {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return null;
    return this.once(file, `${found.size} ${found.mtimeMs} ${found.ino}`, async () => {
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      return hash.digest('hex');
    });
  }

  /** Of the names, sizes and contents of a model's files; of large ones only the first and last megabyte. */
  private async folder(folder: string): Promise<Hash> {
    const names = await readdir(folder).catch(() => undefined);
    if (!names) return null;
    const found = await Promise.all(names.map(async name => ({ name, stat: await stat(path.join(folder, name)).catch(() => undefined) })));
    const files = found.flatMap(entry => (entry.stat?.isFile() ? [{ name: entry.name, stat: entry.stat }] : [])).sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    return this.once(folder, files.map(entry => `${entry.name} ${entry.stat.size} ${entry.stat.mtimeMs}`).join('\n'), async () => {
      const hash = createHash('sha256');
      for (const { name, stat: { size } } of files) {
        hash.update(`${name}\n${size}\n`);
        const content = await open(path.join(folder, name));
        try {
          for (const [at, length] of size <= 2 * megabyte ? [[0, size]] as const : [[0, megabyte], [size - megabyte, megabyte]] as const) {
            const { buffer, bytesRead } = await content.read(Buffer.alloc(length), 0, length, at);
            hash.update(buffer.subarray(0, bytesRead));
          }
        } finally {
          await content.close();
        }
      }
      return hash.digest('hex');
    });
  }

  private async once(file: string, stamp: string, read: () => Promise<string>): Promise<Hash> {
    const known = this.known.get(file);
    if (known?.stamp === stamp) return known.hash;
    const hash = await read().catch(() => null); // gone, or not ours to read: as if it were not there
    this.known.set(file, { stamp, hash });
    return hash;
  }
}
