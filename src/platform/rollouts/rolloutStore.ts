import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { Difficulty } from '../../core/dataset/sample';
import { AppError, messageOf } from '../../core/errors';
import type { Problem } from '../../core/problem';
import { compileQuery } from '../../core/query/compileQuery';
import { parseQuery } from '../../core/query/parseQuery';
import type { Facet } from '../../core/query/queryAnswer';
import { columnByName } from '../../core/query/queryColumns';
import { sqlName, sqlText } from '../../core/query/sqlLiteral';
import { componentColumn, loweredResponse, loweredSample, ownRolloutColumns, type RolloutColumn, rolloutWords } from '../../core/rollouts/rolloutColumns';
import type { RolloutMark } from '../../core/rollouts/rolloutGroup';
import type { GroupRow, RolloutAnswer, RolloutProgress, RolloutQuestion } from '../../core/rollouts/rolloutQuestion';
import type { Rollout } from '../../core/rollouts/rollout';
import { facetOf } from '../query/facet';
import { QueryDatabase } from '../query/queryDatabase';
import { columnsOfCondition } from '../query/sqlCondition';
import { RolloutFile } from './rolloutFile';
import { RolloutGroups } from './rolloutGroups';

const rowsName = 'rollouts';
const mostComponents = 100;

interface Condition {
  readonly where: string;
  readonly columns: ReadonlySet<string>;
  readonly isSql: boolean;
}

export interface RolloutStoreOptions {
  /** Bytes that the database may hold before it uses its folder. */
  readonly memoryBytes?: number;
  /** Names of stages in the order in which their files are read; others come after them. */
  readonly stages?: readonly string[];
}

/** A sample with the difficulty that sampling found. */
export interface SampleDifficulty {
  readonly dataset: string;
  readonly sample: string;
  readonly difficulty: Difficulty;
}

/**
 * All rollouts of a folder (`<run>/rollouts/*.jsonl`), asked where they lie: what can be filtered, sorted and counted is in a private database, the responses stay in
 * their files. It follows files that grow, are cut, and are added. Questions are answered one after the other.
 */
export class RolloutStore {
  private readonly files = new Map<string, RolloutFile>();
  private readonly groups: RolloutGroups;
  private components: readonly string[] = [];
  private hasDifficulty = false;
  private progressNow: RolloutProgress = { rollouts: 0, groups: 0, bytes: 0, size: 0 };

  private constructor(
    private readonly database: QueryDatabase,
    readonly folder: string,
    private readonly stages: readonly string[],
  ) {
    this.groups = new RolloutGroups(database);
  }

  /** Throws `duckdb.unavailable`. Nothing is read before `refresh`. */
  static async open(folder: string, { memoryBytes, stages = [] }: RolloutStoreOptions = {}): Promise<RolloutStore> {
    return new RolloutStore(await QueryDatabase.open({ files: [], folders: [folder] }, memoryBytes), folder, stages);
  }

  get progress(): RolloutProgress {
    return this.progressNow;
  }

  /** Lines that are no rollouts, the first hundred of each file. */
  get problems(): readonly Problem[] {
    return [...this.files.values()].flatMap(file => file.problems);
  }

  get columns(): readonly RolloutColumn[] {
    const split = ownRolloutColumns.findIndex(({ name }) => name === 'advantage') + 1;
    return [...ownRolloutColumns.slice(0, split), ...this.components.map(componentColumn), ...ownRolloutColumns.slice(split)];
  }

  /** Reads what is new, at most some `most` bytes of each file; `onPart` is called after every file that had something. Tells whether any had. */
  async refresh(onPart: () => void = () => {}, most = Infinity): Promise<boolean> {
    let isChanged = false;
    for (const file of await this.listFiles()) {
      const isNew = await this.database.alone(() => this.take(file, most));
      isChanged ||= isNew;
      if (isNew) onPart();
    }
    return isChanged;
  }

  /** Throws `query.invalid`; the signal's reason when that is aborted. */
  answer({ text, sort }: RolloutQuestion, signal?: AbortSignal): Promise<RolloutAnswer> {
    return this.database.alone(async () => {
      const start = performance.now();
      const keys = sort.map(({ column, isDescending }) => ({ column: this.column(column), isDescending }));
      const condition = await this.condition(text);
      const wanted = new Set([...condition.columns, ...keys.map(({ column }) => column.name), 'spread']);
      const order = keys.map(({ column, isDescending }) => `${column.of === 'group' ? 'any_value' : isDescending ? 'max' : 'min'}(${sqlName(column.name)}) ${isDescending ? 'desc' : 'asc'} nulls last, `).join('');
      const [groups, parts]: [number[], { matching: number; flat: number; dropped: number }] = [[], { matching: 0, flat: 0, dropped: 0 }];
      await this.told(condition, async () => this.database.numbers(
        `${await this.rowsNamed(wanted)} select gid, count(*)::uinteger, (any_value(spread) in ('zero', 'near-zero'))::uinteger, (any_value(spread) = 'dropped')::uinteger from ${rowsName} where (${condition.where}\n) group by gid order by ${order}gid`,
        (numbers = new Uint32Array(), counts = new Uint32Array(), flats = new Uint32Array(), dropped = new Uint32Array()) => {
          for (const number of numbers) groups.push(number);
          for (const count of counts) parts.matching += count;
          for (const flat of flats) parts.flat += flat;
          for (const each of dropped) parts.dropped += each;
        },
      ));
      return { groups: Uint32Array.from(groups), ...parts, milliseconds: performance.now() - start };
    }, signal);
  }

  /** Groups as rows of a list, in the order of their numbers given; `text` decides which of their marks are hits. */
  rows(numbers: readonly number[], text: string): Promise<readonly GroupRow[]> {
    if (numbers.length === 0) return Promise.resolve([]);
    return this.database.alone(async () => {
      const list = numbers.map(Number).filter(Number.isSafeInteger).join(', ') || 'null';
      const condition = await this.condition(text).catch(() => undefined);
      const from = await this.rowsNamed(new Set([...(condition?.columns ?? []), 'overall', 'advantage', 'right', 'failed', 'response_index']));
      const marks = new Map<number, { mark: RolloutMark; isHit: boolean }[]>();
      for (const [gid, overall, advantage, right, failed, isHit] of await this.told(condition, () => this.database.rows(
        `${from} select gid, overall, advantage, "right", failed, coalesce((${condition?.where ?? 'true'}\n), false) from ${rowsName} where gid in (${list}) order by gid, response_index, line`))) {
        const mark: RolloutMark = { overall: overall as number | null, advantage: advantage as number | null, right: right as boolean | null, failed: failed === true };
        marks.set(Number(gid), [...(marks.get(Number(gid)) ?? []), { mark, isHit: isHit === true }]);
      }
      const heads = await this.database.rows(`select gid, name, stage, step, dataset, sample, policy, mode, group_mean, group_std, spread from groups where gid in (${list})`);
      const found = new Map(heads.map(([gid, name, stage, step, dataset, sample, policy, mode, mean, std, spread]): [number, GroupRow] => {
        const own = marks.get(Number(gid)) ?? [];
        return [Number(gid), {
          number: Number(gid), group: String(name), stage: String(stage), step: Number(step), dataset: String(dataset), sampleId: String(sample),
          ...(policy === null ? {} : { policyStage: String(policy) }), ...(mode === 'sampled' || mode === 'greedy' ? { mode } : {}),
          mean: mean as number | null, std: std as number | null, spread: spread as GroupRow['spread'], marks: own.map(({ mark }) => mark), hits: own.map(({ isHit }) => isHit),
        }];
      }));
      return numbers.flatMap(number => found.get(number) ?? []);
    });
  }

  /** How a column is spread over the rollouts for which a question holds; columns of the group count groups. Throws `query.invalid`. */
  facet(name: string, text: string, signal?: AbortSignal): Promise<Facet> {
    return this.database.alone(async () => {
      const column = this.column(name);
      const condition = await this.condition(text);
      const from = await this.rowsNamed(new Set([...condition.columns, column.name]));
      const values = column.of === 'group' ? `select any_value(${sqlName(column.name)}) as ${sqlName(column.name)} from ${rowsName} where (${condition.where}\n) group by gid` : `select ${sqlName(column.name)} from ${rowsName} where (${condition.where}\n)`;
      return this.told(condition, () => facetOf(this.database, column, `${from} ${values}`));
    }, signal);
  }

  /** The rollouts of a group in the order of their index. */
  read(group: number): Promise<readonly Rollout[]> {
    return this.database.alone(async () => {
      const from = await this.rowsNamed(new Set(['response_index']));
      const places = (await this.database.rows(`${from} select file, line from ${rowsName} where gid = ${Number(group)} order by response_index, line`)) as readonly (readonly [number, number])[];
      const file = [...this.files.values()][places[0]?.[0] ?? 0];
      return file ? file.read(places.map(([, line]) => line)) : [];
    });
  }

  /** Numbers of the groups of a name, in the order of the files; one, but where stages share names. */
  named(group: string): Promise<readonly number[]> {
    return Promise.resolve([...this.files.values()].flatMap(file => this.groups.numberOf(file, group) ?? []));
  }

  /** Groups of a sample, in the order of the files. */
  ofSample(dataset: string | null, sample: string): Promise<readonly number[]> {
    return this.database.alone(async () => {
      if (this.groups.count === 0) return [];
      const rows = await this.database.rows(`select gid from groups where sample = ${sqlText(sample)}${dataset === null ? '' : ` and dataset = ${sqlText(dataset)}`} order by gid`);
      return rows.map(([gid]) => Number(gid));
    });
  }

  /** Mean reward and pass rate of every sample in a stage. */
  sampleMeans(): Promise<readonly SampleMean[]> {
    return this.database.alone(async () => {
      if (this.groups.count === 0) return [];
      const rows = await this.database.rows('select dataset, sample, stage, avg(group_mean), avg(pass_rate), sum(group_size) from groups group by all');
      return rows.map(([dataset, sample, stage, mean, passRate, responses]) => ({
        dataset: String(dataset), sample: String(sample), stage: String(stage), mean: mean as number | null, passRate: passRate as number | null, responses: Number(responses),
      }));
    });
  }

  setDifficulty(samples: readonly SampleDifficulty[]): Promise<void> {
    return this.database.alone(async () => {
      const table = await this.database.tableOf(['dataset varchar', 'sample varchar', 'difficulty varchar'], samples.map(({ dataset, sample, difficulty }) => [dataset, sample, difficulty]));
      await this.database.run('drop table if exists difficulty');
      await this.database.run(`alter table ${table} rename to difficulty`);
      this.hasDifficulty = true;
    });
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private async take(file: RolloutFile, most: number): Promise<boolean> {
    const { isReset, from, to } = await file.refresh(most);
    await this.groups.add(file, from, to, isReset);
    if (!isReset && from === to) return false;
    await this.findComponents(file, from);
    const all = [...this.files.values()];
    this.progressNow = { rollouts: all.reduce((sum, each) => sum + each.lines, 0), groups: this.groups.count, bytes: all.reduce((sum, each) => sum + each.places.bytes, 0), size: 0 };
    return true;
  }

  private async findComponents(file: RolloutFile, from: number): Promise<void> {
    if (this.components.length >= mostComponents) return;
    const names = await this.database.rows(`select distinct unnest(map_keys(components)) as name from ${file.table} where rowid >= ${from} order by name limit ${mostComponents}`);
    const known = new Set(this.components.map(name => name.toLowerCase()));
    const added = names.map(([name]) => String(name)).filter(name => name !== '' && !/[\x00-\x1f]/.test(name) && !known.has(name.toLowerCase()) && known.add(name.toLowerCase()));
    if (added.length > 0) this.components = [...this.components, ...added].slice(0, mostComponents);
  }

  private async listFiles(): Promise<readonly RolloutFile[]> {
    const placeOf = (name: string): number => (this.stages.includes(path.basename(name, '.jsonl')) ? this.stages.indexOf(path.basename(name, '.jsonl')) : this.stages.length);
    const names = (await readdir(this.folder).catch(() => [])).filter(name => name.endsWith('.jsonl'));
    for (const name of names.sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b))) {
      const file = path.join(this.folder, name);
      if (!this.files.has(file)) this.files.set(file, new RolloutFile(this.database, file, this.files.size));
    }
    return [...this.files.values()];
  }

  private column(name: string): RolloutColumn {
    const { columns } = this;
    const column = columnByName(name, columns);
    const found = column && columns.find(each => each.name === column.name);
    if (found) return found;
    throw new AppError('query.invalid', { message: `There is no column "${name}".`, remedy: `Columns: ${columns.map(each => each.name).join(', ')}.` });
  }

  private async condition(text: string): Promise<Condition> {
    const query = parseQuery(text);
    const compiled = query.kind === 'chips' ? compileQuery(query.chips, this.columns, rolloutWords) : undefined;
    const fault = [...query.faults, ...(compiled?.faults ?? [])].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0))[0];
    if (fault) throw new AppError('query.invalid', fault);
    if (query.kind === 'sql') {
      const { columns } = await columnsOfCondition(this.database, query.condition, query.offset, this.columns, rowsName);
      return { where: query.condition, columns, isSql: true };
    }
    return { where: compiled?.where ?? 'true', columns: compiled?.columns ?? new Set(), isSql: false };
  }

  /** `with rollouts as (…)`: the rollouts that count, with `gid`, `file`, `line` and the named columns. */
  private async rowsNamed(names: ReadonlySet<string>): Promise<string> {
    const columns = this.columns.filter(({ name }) => names.has(name));
    const ofLines = [...columns.filter(({ of, name }) => of === 'rollout' && name !== 'difficulty').map(({ name }) => name), ...[loweredResponse, loweredSample].filter(name => names.has(name))];
    const ofGroups = columns.filter(({ of }) => of === 'group').map(({ name }) => name);
    const needsDifficulty = names.has('difficulty');
    const read = [...this.files.values()].filter(file => this.groups.tableOf(file) !== '');
    const rows = (select: string, joins = ''): string => `with ${rowsName} as not materialized (select ${select}${joins})`;
    if (read.length === 0) return rows(`0 as file, 0::uinteger as line, 0::uinteger as gid${[...ofLines, ...ofGroups, ...(needsDifficulty ? ['difficulty'] : [])].map(name => `, null as ${sqlName(name)}`).join('')} where false`);
    const lines: string[] = [];
    for (const file of read) lines.push(await this.linesOf(file, ofLines, needsDifficulty));
    const difficulty = needsDifficulty ? `, coalesce(${this.hasDifficulty ? 'd.difficulty' : 'null'}, 'unsampled') as difficulty` : '';
    return rows(
      `r.*${ofGroups.map(name => `, g.${sqlName(name)}`).join('')}${difficulty} from (${lines.join(' union all ')}) r`,
      `${ofGroups.length > 0 ? ' join groups g using (gid)' : ''}${needsDifficulty && this.hasDifficulty ? ' left join difficulty d on d.dataset = of_dataset and d.sample = of_sample' : ''}`,
    );
  }

  private async linesOf(file: RolloutFile, names: readonly string[], needsSample: boolean): Promise<string> {
    const texts = [...(names.includes('response') ? [`positional join ${await file.textTable('response')} t`] : []), ...(names.includes(loweredResponse) ? [`positional join ${await file.textTable('lowered')} l`] : [])].join(' ');
    const columns = names.map(name => `, ${this.expressionOf(name)} as ${sqlName(name)}`).join('');
    return `select ${file.number} as file, f.rowid::uinteger as line, p.gid${needsSample ? ', f.dataset as of_dataset, f.sample as of_sample' : ''}${columns} from ${file.table} f positional join ${this.groups.tableOf(file)} p ${texts} where p.is_last`;
  }

  private expressionOf(name: string): string {
    const component = this.components.find(each => componentColumn(each).name === name);
    if (component !== undefined) return `case when isfinite(f.components[${sqlText(component)}]) then f.components[${sqlText(component)}] end`;
    const others: Readonly<Record<string, string>> = {
      right: 'f.is_right', failed: '(f.error is not null or f.overall is null)', answer_given: 'f.answer', response_index: 'f.idx', group_name: 'f.name', policy: 'f.policy', response: 't.response',
      [loweredResponse]: 'l.lowered', [loweredSample]: 'lower(f.sample)',
    };
    return others[name] ?? `f.${sqlName(name)}`;
  }

  private async told<T>(condition: Condition | undefined, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const reason = messageOf(error).split('\n', 1)[0] ?? '';
      if (!condition?.isSql || reason.startsWith('INTERRUPT')) throw error;
      throw new AppError('query.invalid', { message: `The condition cannot be answered: ${reason}`, remedy: `Columns: ${this.columns.map(({ name }) => name).join(', ')}.` }, { cause: error });
    }
  }
}

/** What a sample got in a stage, over all its groups. */
export interface SampleMean {
  readonly dataset: string;
  readonly sample: string;
  readonly stage: string;
  readonly mean: number | null;
  readonly passRate: number | null;
  readonly responses: number;
}
