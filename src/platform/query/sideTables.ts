import { sqlName } from '../../core/query/sqlLiteral';
import { boxesColumn, judgeAgreement, judgedSelects, judgeMajority } from './judgedColumns';
import type { QueryDatabase } from './queryDatabase';
import type { QuerySource, SourcePart } from './querySource';
import type { RowLayer } from './rowLayer';
import { SideFiles, type SideTable } from './sideFiles';

export const difficultyColumns: readonly string[] = ['difficulty', 'correct', 'responses', 'pass_rate'];

/** Columns that stand in files beside the dataset, with the parts of the source that they come from. */
export const sideColumns: readonly { readonly columns: readonly string[]; readonly parts: readonly SourcePart[]; /** Columns of the rows that they are told from. */ readonly needs?: readonly string[] }[] = [
  { columns: difficultyColumns, parts: ['difficulty', 'curation'] },
  { columns: ['tags', 'review', 'note', 'stage'], parts: ['curation', 'difficulty'] },
  { columns: ['rollouts', 'mean_overall', 'mean_accuracy', 'zero_std_share'], parts: ['rollouts'] },
  { columns: ['problems', 'severities'], parts: ['problems'] },
  { columns: ['majority', 'majority_answer', 'majority_share'], parts: ['rollouts'], needs: ['answer'] },
  { columns: ['second', 'agreement'], parts: ['curation'], needs: ['answer', boxesColumn] },
  { columns: ['proposals'], parts: ['proposals', 'curation', 'edited'] },
];

/** Tables of what stands beside the dataset, by qid (problems: by row); each is read when a query first needs it. */
export class SideTables {
  private readonly tables = new Map<SideTable, Promise<string>>();
  private readonly files: SideFiles;

  constructor(
    private readonly database: QueryDatabase,
    private readonly source: QuerySource,
  ) {
    this.files = new SideFiles(database, source);
  }

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
    const both = await this.bothJoined();
    if (columns.includes('difficulty')) return joined(difficultySelect, layer, both);
    const route = "case coalesce(c.difficulty, d.difficulty) when 'easy' then 'perception' when 'medium' then 'reasoning' when 'hard' then 'warm-up' else '' end";
    return joined(`coalesce(tags, []) as tags, coalesce(review, 'todo') as review, coalesce(note, '') as note, coalesce(c.stage, ${route}) as stage`, layer, both);
  }

  /** A select of all that `layer` has with the columns of the difficulty, in any order; a sample with several lines in a file comes several times. */
  async withDifficulty(layer: string): Promise<string> {
    return `select q.*, ${difficultySelect} from (${layer}) q ${await this.bothJoined()}`;
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

  private async bothJoined(): Promise<string> {
    return `left join ${await this.table('difficulty')} d using (qid) left join ${await this.table('curation')} c using (qid)`;
  }

  private async table(part: SideTable): Promise<string> {
    const known = this.tables.get(part) ?? this.files.read(part);
    this.tables.set(part, known);
    try {
      return await known;
    } catch (error) {
      this.tables.delete(part); // asked again, it may go better: it was interrupted, or the file was being written
      throw error;
    }
  }

  /** Of several lines for one sample the last one counts. */
  private async keepLastOfEach(part: 'difficulty' | 'curation'): Promise<void> {
    const all = await this.table(part);
    const last = await this.database.table(`select * from ${all} where rowid in (select max(rowid) from ${all} group by qid)`);
    this.tables.set(part, Promise.resolve(last));
    await this.database.run(`drop table ${all}`);
  }
}

const difficultySelect = "coalesce(c.difficulty, d.difficulty, 'unsampled') as difficulty, correct, responses, correct / responses as pass_rate";

function joined(columns: string, layer: string, join: string): string {
  return `select ${columns} from (${layer}) q ${join} order by q.row`;
}
