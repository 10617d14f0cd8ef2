import { statSync } from 'node:fs';
import * as path from 'node:path';
import type { Disposable } from '../../core/lifecycle';
import type { Services } from '../../host/services';
import { ForeignSource } from '../../platform/rollouts/foreignSource';
import { watchFolder } from '../../platform/runs/folderWatch';
import { targetOf } from './openRolloutFile';

/** Rollouts of another tool that a panel shows: what that tool goes on to write is read too. */
export class FollowedSource implements Disposable {
  private readonly watch: Disposable;
  private source: ForeignSource | undefined;
  private signature = '';

  constructor(
    private readonly services: Services,
    private readonly place: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.signature = this.seen();
    const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
    this.watch = watchFolder(isFolder ? place : path.dirname(place), () => this.follow());
  }

  dispose(): void {
    this.watch.dispose();
  }

  private async follow(): Promise<void> {
    const seen = this.seen();
    if (seen === this.signature && !this.source) return; // as it was when it was opened
    this.signature = seen;
    try {
      // What was read to open it is read once more with the first change: then each change reads on.
      if (this.source) await this.source.refresh();
      else this.source = await ForeignSource.open(this.place, await targetOf(this.services, this.place, ''));
    } catch (error) {
      this.onFailure(error);
    }
  }

  private seen(): string {
    const stats = statSync(this.place, { throwIfNoEntry: false });
    return `${stats?.size ?? 0} ${stats?.mtimeMs ?? 0}`;
  }
}
