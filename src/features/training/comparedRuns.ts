import * as path from 'node:path';
import { MetricSeries } from '../../core/runs/metricSeries';
import { RunReader } from '../../platform/runs/runReader';
import type { ComparedRunView } from '../../protocol/run';

/** More at a time than anybody tells apart. */
const mostRuns = 5;

interface Compared {
  readonly reader: RunReader;
  readonly series: MetricSeries;
}

/** The runs that are laid beside a panel's own: read once, and followed as long as something new comes. */
export class ComparedRuns {
  private runs = new Map<string, Compared>();

  constructor(private readonly ownFolder: string) {}

  get folders(): readonly string[] {
    return [...this.runs.keys()];
  }

  /** Takes runs of the same project only; a folder from elsewhere is left out. */
  choose(folders: readonly string[]): void {
    const siblings = folders.map(folder => path.resolve(folder)).filter(folder => folder !== path.resolve(this.ownFolder) && path.dirname(folder) === path.dirname(path.resolve(this.ownFolder)));
    this.runs = new Map([...new Set(siblings)].slice(0, mostRuns).map(folder => [folder, this.runs.get(folder) ?? { reader: new RunReader(folder), series: new MetricSeries() }]));
  }

  /** Reads on; whether anything was new. */
  async read(): Promise<boolean> {
    const news = await Promise.all([...this.runs.values()].map(async ({ reader, series }) => {
      const before = series.length;
      const isReset = await reader.readOn(event => series.add(event), () => series.clear());
      return isReset || series.length !== before;
    }));
    return news.includes(true);
  }

  get views(): readonly ComparedRunView[] {
    return [...this.runs].map(([folder, { reader, series }]) => ({ folder, name: nameOf(folder, reader), config: reader.info?.config ?? {}, series: series.toColumns() }));
  }
}

/** Runs of one project have the same name: the time tells them apart, and the seed. */
function nameOf(folder: string, { info }: RunReader): string {
  const stamp = /^\d{4}(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-/.exec(path.basename(folder));
  const time = stamp ? `${stamp[1]}-${stamp[2]} ${stamp[3]}:${stamp[4]}` : path.basename(folder);
  return `${time}${info?.name === undefined ? '' : ` ${info.name}`}${info?.seed == null ? '' : `, seed ${info.seed}`}`;
}
