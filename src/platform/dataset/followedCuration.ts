import { stat } from 'node:fs/promises';
import type { CuratedSamples } from '../../core/curation/curatedSamples';
import type { Curation } from '../../core/curation/curation';
import { curationFile, readCuration, saveCuration } from './curationFile';
import { readSignature } from './datasetFile';

/** Bytes of a curation file that are read before the first row shows. */
const smallBytes = 4 << 20;

/** The curation file beside a dataset, in the version that was read or written last; what others do to it is told apart from that. */
export class FollowedCuration {
  private constructor(
    readonly path: string,
    private readonly samples: CuratedSamples,
    private signature: string | undefined,
  ) {}

  static async of(dataset: string, samples: CuratedSamples): Promise<FollowedCuration> {
    const path = curationFile(dataset);
    return new FollowedCuration(path, samples, await readSignature(path));
  }

  /** Whether it is read before anything shows. */
  async isSmall(): Promise<boolean> {
    return stat(this.path).then(({ size }) => size < smallBytes, () => true);
  }

  async hasChanged(): Promise<boolean> {
    return (await readSignature(this.path)) !== this.signature;
  }

  /** Takes up what it says now. Returns how many samples were decided about both here and there. */
  async take(): Promise<number> {
    this.signature = await readSignature(this.path);
    return this.samples.rebase((await readCuration(this.path)).records).length;
  }

  async save(): Promise<void> {
    await saveCuration(this.path, this.samples.unsaved, today());
    this.samples.markSaved();
    this.signature = await readSignature(this.path);
  }

  /** Writes all of it, saved and unsaved, beside another dataset. */
  async saveAs(dataset: string): Promise<void> {
    const all = new Map<string, Curation>([...(await readCuration(this.path)).records, ...this.samples.unsaved]);
    await saveCuration(curationFile(dataset), all, today());
  }
}

/** `2026-11-21`, by universal time. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
