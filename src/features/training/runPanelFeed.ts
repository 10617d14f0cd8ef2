import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { DisposableStore } from '../../core/lifecycle';
import { statusOfRun } from '../../core/runs/runStatus';
import { stagePlans } from '../../core/runs/stagePlan';
import type { WebviewLink } from '../../host/webviewLink';
import { watchFolder } from '../../platform/runs/folderWatch';
import { watchGpus } from '../../platform/runs/gpuWatch';
import { listRolloutStages } from '../../platform/runs/runFolders';
import type { RunReader } from '../../platform/runs/runReader';
import { livenessOf, readTrainerProcess } from '../../platform/runs/trainerProcess';
import type { RunContract, RunHeader } from '../../protocol/run';
import type { AlarmMutes } from './alarmMutes';
import type { ComparedRuns } from './comparedRuns';
import { RunFeed } from './runFeed';

interface PanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly link: WebviewLink<RunContract>;
  readonly folder: string;
  readonly compared: ComparedRuns;
  readonly mutes: AlarmMutes;
  readonly log: vscode.LogOutputChannel;
  readonly lifetime: DisposableStore;
}

/** Follows the files of one run for one panel: only what is new is read and sent. */
export function followForPanel({ panel, link, folder, compared, mutes, log, lifetime }: PanelParts): { readonly showCompared: () => Promise<void> } {
  let feed = new RunFeed(folder);
  let header: RunHeader | undefined;
  let isLoaded = false;

  const sendHeader = async (): Promise<void> => {
    const next = await readHeader(folder, feed.reader, mutes);
    if (JSON.stringify(next) !== JSON.stringify(header)) link.send('header', next);
    header = next;
  };
  const update = async (): Promise<void> => {
    if (!isLoaded) return;
    try {
      const { isReset, events, alarms, log: text, latest } = await feed.read();
      if (isReset) link.send('reset', feed.soFar);
      else if (events.length > 0) link.send('events', { events, alarms });
      if (text.length > 0) link.send('log', text);
      if (latest) link.send('latest', latest);
      await sendHeader();
      if (await compared.read()) link.send('compared', compared.views);
    } catch (error) {
      log.error(`Run panel of ${folder}`, error instanceof Error ? error : String(error));
    }
  };

  lifetime.add(link.serve({
    load: async ({ compared: before }) => {
      feed = new RunFeed(folder); // a page that was hidden is loaded anew and asks again
      if (compared.folders.length === 0) compared.choose(before);
      const [news] = await Promise.all([feed.read(false), compared.read()]);
      header = await readHeader(folder, feed.reader, mutes);
      isLoaded = true;
      return { header, soFar: feed.soFar, log: news.log, latest: news.latest, compared: compared.views };
    },
  }));
  lifetime.add(watchFolder(folder, update));
  lifetime.add(mutes.onDidChange(() => void (isLoaded && sendHeader())));
  lifetime.add(watchGpus(() => isLoaded && panel.visible && header?.status === 'active', gpus => link.send('gpus', gpus)));
  return {
    showCompared: async () => {
      await compared.read();
      if (isLoaded) link.send('compared', compared.views);
    },
  };
}

async function readHeader(folder: string, { info, state, problems }: RunReader, mutes: AlarmMutes): Promise<RunHeader> {
  const status = statusOfRun(state, await livenessOf(await readTrainerProcess(folder)));
  const config = info?.config ?? {};
  return {
    folder, id: path.basename(folder), name: info?.name ?? path.basename(folder), seed: info?.seed ?? null, engine: info?.engine ?? 'trl', config, plan: stagePlans(config),
    status, rolloutStages: await listRolloutStages(folder), problems, muted: mutes.of(folder),
  };
}
