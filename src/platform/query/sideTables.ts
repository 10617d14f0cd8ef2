import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { sqlName, sqlText } from '../../core/query/sqlLiteral';
import { boxesColumn, judgeAgreement, judgedSelects, judgeMajority, readGiven, responseFiles } from './judgedColumns';
import type { QueryDatabase } from './queryDatabase';
import type { QuerySource, SourcePart } from './querySource';
import { asItIs, type RowLayer } from './rowLayer';

/** Columns that stand in files beside the dataset, with the parts of the source that they come from. */
export const sideColumns: readonly { readonly columns: readonly string[]; readonly parts: readonly SourcePart[]; /** Columns of the rows that they are told from. */ readonly needs?: readonly string[] }[] = [
  { columns: ['difficulty', 'correct', 'responses', 'pass_rate'], parts: ['difficulty', 'curation'] },
  { columns: ['tags', 'review', 'note', 'stage'], parts: ['curation', 'difficulty'] },
  { columns: ['rollouts', 'mean_overall', 'mean_accuracy', 'zero_std_share'], parts: ['rollouts'] },
  { columns: ['problems', 'severities'], parts: ['problems'] },
  { columns: ['majority', 'majority_answer', 'majority_share'], parts: ['rollouts'], needs: ['answer'] },
  { columns: ['second', 'agreement'], parts: ['curation'], needs: ['answer', boxesColumn] },
  { columns: ['proposals'], parts: ['proposals', 'curation', 'edited'] },
];

/** Counts beyond it are no counts; NaN is beyond every number. */
const mostResponses = 1e9;

/** `given`: the answers of stored responses; it goes with the rollouts. */
type SideTable = Exclude<SourcePart, 'edited'> | 'given';

/** Tables of what stands beside the dataset, by qid (problems: by row); each is read when a query first needs it. */
export class SideTables {
  private readonly tables = new Map<SideTable, Promise<string>>();

  constructor(
    private readonly database: QueryDatabase,
    private readonly source: QuerySource,
  ) {}

  /** Adds side columns to a layer of which `qid` was read. */
  async addTo(layer: RowLayer, columns: readonly string[]): Promise<void> {
    if (columns.includes('majority')) return this.addJudged(layer, columns, judgedSelects.majority, await this.table('given'), ['answer'], 'given', rows => judgeMajority(this.database, rows));
    if (columns.includes('second')) return this.addJudged(layer, columns, judgedSelects.second, await this.table('curation'), ['answer', boxesColumn], 'second', rows => judgeAgreement(this.database, this.source, rows));
    const added = await layer.add(await this.select(columns, layer.sql(['qid'])), columns, 'temporary');
    const [[rows = 0, wanted = 0] = []] = await this.database.rows(`select (select count(*) from ${added}), (select count(*) from (${layer.sql([])}))`);
    if (rows === wanted) return;
    await layer.drop(columns);
    await this.keepLastOfEach('difficulty');
    await this.keepLastOfEach('curation');
    await layer.add(await this.select(columns, layer.sql(['qid'])), columns, 'temporary');
  }

  /** Adds what a grader or a comparison of ours says of rows: those of which `table` knows something are handed to `judge`, whose table is joined by row. */
  private async addJudged(layer: RowLayer, columns: readonly string[], select: string, table: string, from: readonly string[], beside: string, judge: (rows: string) => Promise<string>): Promise<void> {
    const judged = await judge(`select row, ${from.map(sqlName).join(', ')}, ${beside} from (${layer.sql(['qid', ...from])}) join (select qid, ${beside} from ${table} where rowid in (select max(rowid) from ${table} group by qid) and ${beside} is not null) using (qid)`);
    await layer.add(joined(select, layer.sql(['qid']), `left join ${judged} using (row)`), columns, 'temporary');
    await this.database.run(`drop table ${judged}`);
  }

  /** A select of side columns for the rows of `layer` (a select of `row` and `qid`), in the order of the rows. */
  private async select(columns: readonly string[], layer: string): Promise<string> {
    if (columns.includes('rollouts')) return joined(columns.join(', '), layer, `left join ${await this.table('rollouts')} using (qid)`);
    if (columns.includes('proposals')) return joined('coalesce(proposals, 0) as proposals', layer, `left join ${await this.table('proposals')} using (qid)`);
    if (columns.includes('problems')) return joined('coalesce(problems, []) as problems, coalesce(severities, []) as severities', layer, `left join ${await this.table('problems')} using (row)`);
    const both = `left join ${await this.table('difficulty')} d using (qid) left join ${await this.table('curation')} c using (qid)`;
    if (columns.includes('difficulty')) return joined("coalesce(c.difficulty, d.difficulty, 'unsampled') as difficulty, correct, responses, correct / responses as pass_rate", layer, both);
    const route = "case coalesce(c.difficulty, d.difficulty) when 'easy' then 'perception' when 'medium' then 'reasoning' when 'hard' then 'warm-up' else '' end";
    return joined(`coalesce(tags, []) as tags, coalesce(review, 'todo') as review, coalesce(note, '') as note, coalesce(c.stage, ${route}) as stage`, layer, both);
  }

  async forget(parts: readonly SourcePart[]): Promise<void> {
    // What waits depends on the boxes and the decisions too.
    const others: readonly (SourcePart | 'given')[] = [...(parts.includes('rollouts') ? (['given'] as const) : []), ...(parts.includes('edited') || parts.includes('curation') ? (['proposals'] as const) : [])];
    for (const part of new Set([...parts, ...others])) {
      if (part === 'edited') continue;
      const table = await this.tables.get(part)?.catch(() => undefined);
      this.tables.delete(part);
      if (table !== undefined) await this.database.run(`drop table ${table}`);
    }
  }

  private async table(part: SideTable): Promise<string> {
    const known = this.tables.get(part) ?? this.read(part);
    this.tables.set(part, known);
    try {
      return await known;
    } catch (error) {
      this.tables.delete(part); // asked again, it may go better: it was interrupted, or the file was being written
      throw error;
    }
  }

  private async read(part: SideTable): Promise<string> {
    switch (part) {
      case 'difficulty': return this.readDifficulty();
      case 'curation': return this.readCuration();
      case 'rollouts': return this.readRollouts();
      case 'problems': return this.readProblems();
      case 'given': return this.readResponses();
      case 'proposals': return this.readProposals();
    }
  }

  /** The rules are those of `parseDifficulty`. */
  private async readDifficulty(): Promise<string> {
    const file = await this.existing(this.source.difficultyFile);
    const lines = file === undefined
      ? 'select null::varchar as qid, null::varchar as difficulty, null::double as correct, null::double as responses where false'
      : `select * from ${readLines(file, { qid: 'varchar', difficulty: 'varchar', correct: 'double', responses: 'double' })} where qid is not null and correct between 0 and ${mostResponses} and responses between 1 and ${mostResponses}`;
    const named = "case when difficulty in ('easy', 'medium', 'hard') then difficulty when correct >= responses then 'easy' when correct > 0 then 'medium' else 'hard' end";
    return this.database.table(`select qid, ${named} as difficulty, correct::integer as correct, responses::integer as responses from (${lines})`);
  }

  /** The rules are those of `parseCuration`. */
  private async readCuration(): Promise<string> {
    const file = await this.existing(this.source.curationFile);
    const unsaved = await this.database.tableOf(
      ['qid varchar', 'tags varchar', 'review varchar', 'note varchar', 'stage varchar', 'difficulty varchar', 'second varchar'],
      mapped(this.source.unsavedCuration?.() ?? [], ([qid, { tags, review, note, stage, difficulty, second }]) => [qid, JSON.stringify(tags), review, note, stage, difficulty, second ? JSON.stringify(second) : null]),
    );
    const saved = file === undefined ? '' : `select * from ${readLines(file, { qid: 'varchar', tags: 'varchar', review: 'varchar', note: 'varchar', stage: 'varchar', difficulty: 'varchar', second: 'varchar' })} where qid is not null union all by name`;
    try {
      return await this.database.table(`select qid, from_json(tags, '["VARCHAR"]') as tags, review, note, stage, difficulty, second from (${saved} select * from ${unsaved})`);
    } finally {
      await this.database.run(`drop table ${unsaved}`);
    }
  }

  /** Training and sampling count; evaluation looks at rows that nobody trains on. */
  private async readRollouts(): Promise<string> {
    const { rollouts } = this.source;
    const files = await Promise.all((rollouts ? await rolloutFiles(rollouts.runsFolder) : []).map(file => this.database.pathOf(file)));
    const shape = { run: 'varchar', group: 'varchar', sampleId: 'varchar', dataset: 'varchar', overall: 'double', components: 'struct(accuracy double)' };
    // NaN and Infinity, which Python writes, say nothing; the mean of the others still does.
    const finite = (value: string): string => `case when isfinite(${value}) then ${value} end`;
    const records = files.length === 0
      ? "select '' as qid, '' as run, '' as group_id, null::double as overall, null::double as accuracy where false"
      : `select sampleId as qid, run, "group" as group_id, ${finite('overall')} as overall, ${finite('components.accuracy')} as accuracy from ${readLines(files, shape)} where dataset = ${sqlText(rollouts?.dataset ?? '')} and sampleId is not null`;
    return this.database.table(`select qid, sum(n)::integer as rollouts, sum(overall) / nullif(sum(scored), 0) as mean_overall, sum(accuracy) / nullif(sum(graded), 0) as mean_accuracy,
        (count(*) filter (where scored > 1 and deviation < 1e-9)) / nullif(count(*) filter (where scored > 1), 0) as zero_std_share
      from (select qid, count(*) as n, sum(overall) as overall, count(overall) as scored, sum(accuracy) as accuracy, count(accuracy) as graded, stddev_pop(overall) as deviation
            from (${records}) group by qid, run, group_id)
      group by qid`);
  }

  private async readResponses(): Promise<string> {
    const { rollouts } = this.source;
    const files = rollouts ? await responseFiles(path.resolve(rollouts.runsFolder, '..', '..')) : [];
    const shape = { sampleId: 'varchar', dataset: 'varchar', step: 'double', group: 'varchar', response: 'varchar' };
    const paths = await Promise.all(files.map(file => this.database.pathOf(file)));
    return readGiven(this.database, paths, rollouts?.dataset ?? '', file => readLines(file, shape));
  }

  private async readProblems(): Promise<string> {
    const rows = mapped(this.source.problems?.() ?? [], ({ row, rule, severity }) => [row, rule, severity]);
    const all = await this.database.tableOf(['row uinteger', 'rule varchar', 'severity varchar'], rows);
    try {
      return await this.database.table(`select row, list_sort(list(distinct rule)) as problems, list(distinct severity) as severities from ${all} group by row`);
    } finally {
      await this.database.run(`drop table ${all}`);
    }
  }

  private async readProposals(): Promise<string> {
    const counts: [string, number][] = [];
    for await (const [qid, count] of this.source.proposals?.() ?? []) counts.push([qid, count]);
    const all = await this.database.tableOf(['qid varchar', 'n integer'], counts);
    try {
      return await this.database.table(`select qid, max(n) as proposals from ${all} group by qid`);
    } finally {
      await this.database.run(`drop table ${all}`);
    }
  }

  private async existing(file: string | undefined): Promise<string | undefined> {
    const stats = file === undefined ? undefined : await stat(file).catch(() => undefined);
    return file !== undefined && stats?.isFile() && stats.size > 0 ? this.database.pathOf(file) : undefined;
  }

  /** Of several lines for one sample the last one counts. */
  private async keepLastOfEach(part: 'difficulty' | 'curation'): Promise<void> {
    const all = await this.table(part);
    const last = await this.database.table(`select * from ${all} where rowid in (select max(rowid) from ${all} group by qid)`);
    this.tables.set(part, Promise.resolve(last));
    await this.database.run(`drop table ${all}`);
  }
}

function joined(columns: string, layer: string, join: string): string {
  return `select ${columns} from (${layer}) q ${join} order by q.row`;
}

function readLines(files: string | readonly string[], shape: Readonly<Record<string, string>>): string {
  const places = typeof files === 'string' ? sqlText(files) : `[${files.map(file => sqlText(file)).join(', ')}]`;
  const columns = Object.entries(shape).map(([name, type]) => `${sqlText(name)}: ${sqlText(type)}`).join(', ');
  return `read_json(${places}, format = 'newline_delimited', columns = {${columns}}, records = true, ignore_errors = true, ${asItIs})`;
}

/** Files of stages whose rollouts can be compared with the rows. */
async function rolloutFiles(runsFolder: string): Promise<readonly string[]> {
  const runs = await readdir(runsFolder).catch(() => []);
  const files = await Promise.all(runs.map(async run => {
    const folder = path.join(runsFolder, run, 'rollouts');
    const names = await readdir(folder).catch(() => []);
    return names.filter(name => name.endsWith('.jsonl') && name !== 'evaluation.jsonl').map(name => path.join(folder, name));
  }));
  return files.flat();
}

function* mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Iterable<U> {
  for (const item of items) yield map(item);
}
