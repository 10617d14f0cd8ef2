import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { Disposable, DisposableStore } from '../../core/lifecycle';
import { overviewOf } from '../../core/runs/overview';
import { stagePlans } from '../../core/runs/stagePlan';
import type { WebviewLink } from '../../host/webviewLink';
import { watchGpus } from '../../platform/runs/gpuWatch';
import { LatestGroupReader } from '../../platform/runs/latestGroup';
import { LogTail } from '../../platform/runs/logTail';
import { listRolloutStages } from '../../platform/runs/runFolders';
import type { LatestGroup, RunContract, RunHeader, RunSoFar } from '../../protocol/run';
import type { AlarmMutes } from './alarmMutes';
import { ComparedRuns } from './comparedRuns';
import type { FollowedRun, RunNews } from './followedRun';
import { latestGroupView } from './latestGroupView';
import { nameOfRun } from './nameOfRun';
import type { RunService } from './runService';

interface PanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly link: WebviewLink<RunContract>;
  readonly folder: string;
  readonly runs: RunService;
  readonly mutes: AlarmMutes;
  readonly log: vscode.LogOutputChannel;
  readonly lifetime: DisposableStore;
}

/** What a page knows; a page that was hidden is loaded anew and knows nothing. */
interface Loaded {
  readonly run: FollowedRun;
  readonly logs: LogTail;
  readonly groups: LatestGroupReader;
  header: RunHeader;
}

/** Steps of a run that is sent as it is; of a longer one an overview comes first: all of it takes longer to send than to read. */
const mostSteps = 2000;

/** Follows one run for one panel: the events that the run's only reader has read, and what is new in its logs and rollouts. */
export function followForPanel({ panel, link, folder, runs, mutes, log, lifetime }: PanelParts): { readonly compared: ComparedRuns; readonly showCompared: () => void } {
  let loaded: Loaded | undefined;
  let held: Disposable | undefined;
  let reading = Promise.resolve();
  const compared = lifetime.add(new ComparedRuns(folder, runs, (other, events) => loaded && link.send('comparedEvents', { folder: other, events }), () => showCompared()));
  const showCompared = (): void => void (loaded && link.send('compared', compared.views));

  const onNews = ({ isReset, events, alarms }: RunNews): void => {
    if (!loaded) return;
    if (isReset) link.send('reset', everyStepOf(loaded.run));
    else if (events.length > 0) link.send('events', { events, alarms });
    reading = reading.then(() => readRest()).catch((error: unknown) => log.error(`Run panel of ${folder}`, error instanceof Error ? error : String(error)));
  };
  const readRest = async (): Promise<void> => {
    if (!loaded) return;
    const [text, latest, header] = await Promise.all([loaded.logs.read(), readLatest(loaded.groups), readHeader(loaded.run, mutes)]);
    if (text.length > 0) link.send('log', text);
    if (latest) link.send('latest', latest);
    if (JSON.stringify(header) !== JSON.stringify(loaded.header)) link.send('header', header);
    loaded.header = header;
  };

  const early = runs.find(folder).then(run => run.hold(() => undefined)).catch(() => undefined); // is read while the page is made; what fails is told when the page asks
  lifetime.add(link.serve({
    load: async ({ compared: before }) => {
      loaded = undefined;
      if (compared.folders.length === 0) void compared.choose(before).then(showCompared, (error: unknown) => log.error('Runs to compare with', String(error)));
      const run = await runs.find(folder);
      const old = held;
      held = await run.hold(onNews);
      old?.dispose();
      (await early)?.dispose();
      const [logs, groups] = [new LogTail(folder), new LatestGroupReader(folder)];
      const [text, latest, header] = await Promise.all([logs.read(), readLatest(groups), readHeader(run, mutes)]);
      loaded = { run, logs, groups, header };
      return { header, soFar: overviewOfRun(run), log: text, latest, compared: compared.views };
    },
  }));
  lifetime.add(link.on('everyStep', () => loaded && link.send('reset', everyStepOf(loaded.run))));
  lifetime.add({ dispose: () => held?.dispose() });
  lifetime.add({ dispose: () => void early.then(hold => hold?.dispose()) });
  lifetime.add(mutes.onDidChange(() => onNews({ isReset: false, events: [], alarms: [] })));
  lifetime.add(watchGpus(() => panel.visible && loaded?.header.status === 'active', gpus => link.send('gpus', gpus)));
  return { compared, showCompared };
}

function everyStepOf({ entry: { state }, series, alarms }: FollowedRun): RunSoFar {
  return { state, series: series.toColumns(), isOverview: false, alarms };
}

function overviewOfRun({ entry: { state }, series, alarms }: FollowedRun): RunSoFar {
  return { state, series: overviewOf(series, mostSteps), isOverview: series.length > mostSteps, alarms };
}

async function readLatest(groups: LatestGroupReader): Promise<LatestGroup | null> {
  const rollouts = await groups.read();
  return rollouts ? latestGroupView(rollouts) : null;
}

async function readHeader({ folder, entry: { info, status, problems } }: FollowedRun, mutes: AlarmMutes): Promise<RunHeader> {
  const config = info?.config ?? {};
  return {
    folder, id: path.basename(folder), name: nameOfRun({ folder, info }), seed: info?.seed ?? null, engine: info?.engine ?? 'trl', config, plan: stagePlans(config),
    status, rolloutStages: await listRolloutStages(folder), problems, muted: mutes.of(folder),
  };
}
