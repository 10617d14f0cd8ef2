import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Disposable } from '../../core/lifecycle';
import type { Services } from '../../host/services';
import { ForeignSource } from '../../platform/rollouts/foreignSource';
import { watchFolder } from '../../platform/runs/folderWatch';
import { targetOf } from './openRolloutFile';

const mostFiles = 10_000;

/** Rollouts of another tool that a panel shows: what that tool goes on to write is read too. */
export class FollowedSource implements Disposable {
  private readonly watch: Disposable;
  private source: ForeignSource | undefined;
  private signature: string | undefined;

  constructor(
    private readonly services: Services,
    private readonly place: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.watch = watchFolder(path.extname(place) === '' ? place : path.dirname(place), () => this.follow());
  }

  dispose(): void {
    this.watch.dispose();
  }

  private async follow(): Promise<void> {
    try {
      const seen = await sizesOf(this.place);
      const isSame = seen === (this.signature ?? seen); // the first look finds it as it was opened
      this.signature = seen;
      if (isSame) return;
      // What was read to open it is read once more with the first change: then each change reads on.
      if (this.source) await this.source.refresh();
      else this.source = await ForeignSource.open(this.place, await targetOf(this.services, this.place, ''));
    } catch (error) {
      this.onFailure(error);
    }
  }
}

/** Changes whenever a file, or one of a folder and of the folders in it, is another or longer. */
async function sizesOf(place: string): Promise<string> {
  const files = (await stat(place)).isDirectory() ? (await readdir(place, { recursive: true })).map(name => path.join(place, name)) : [place];
  const sizes = await Promise.all(files.slice(0, mostFiles).map(async file => `${file} ${(await stat(file).catch(() => undefined))?.size ?? 0}`));
  return sizes.sort().join('\n');
}
