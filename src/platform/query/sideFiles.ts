import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { sqlText } from '../../core/query/sqlLiteral';
import { readGiven, responseFiles } from './judgedColumns';
import type { QueryDatabase } from './queryDatabase';
import type { QuerySource, SourcePart } from './querySource';
import { asItIs } from './rowLayer';

/** Counts beyond it are no counts; NaN is beyond every number. */
const mostResponses = 1e9;

/** `given`: the answers of stored responses; it goes with the rollouts. */
export type SideTable = Exclude<SourcePart, 'edited'> | 'given';

/** Reads what stands beside a dataset into tables, by qid (problems: by row). */
export class SideFiles {
  constructor(
    private readonly database: QueryDatabase,
    private readonly source: QuerySource,
  ) {}

  /** The name of a new table of what a part says. */
  async read(part: SideTable): Promise<string> {
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
