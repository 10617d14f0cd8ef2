import type { QueryDatabase } from '../query/queryDatabase';
import type { RolloutFile } from './rolloutFile';

/** Which group each line of the files is in, and what a group is: tables beside those of the files. */
export class RolloutGroups {
  private readonly numbers = new Map<string, number>();
  /** By file: a table of `gid` and `is_last`, a row a line. */
  private readonly tables: string[] = [];
  private isMade = false;
  private next = 0;

  constructor(private readonly database: QueryDatabase) {}

  get count(): number {
    return this.numbers.size;
  }

  tableOf(file: RolloutFile): string {
    return this.tables[file.number] ?? '';
  }

  numberOf(file: RolloutFile, name: string): number | undefined {
    return this.numbers.get(keyOf(file, name));
  }

  /** Takes up lines that are new in a file. A group of a file that was cut or replaced is made anew and keeps its number. */
  async add(file: RolloutFile, from: number, to: number, isReset: boolean): Promise<void> {
    await this.begin(file, isReset);
    if (from >= to) return;
    const table = this.tableOf(file);
    const names = (await this.database.rows(`select name from ${file.table} where rowid >= ${from} and name is not null group by name order by min(rowid)`)).map(([name]) => String(name));
    const named = await this.database.tableOf(['name varchar', 'gid uinteger'], names.map(name => [name, this.giveNumber(file, name)]));
    await this.database.run(`insert into ${table} select gid, gid is not null from (select rowid as line, name from ${file.table} where rowid >= ${from}) left join ${named} using (name) order by line`);
    await this.keepLast(file, named);
    await this.summarize(file, named);
    await this.database.run(`drop table ${named}`);
  }

  private giveNumber(file: RolloutFile, name: string): number {
    const known = this.numberOf(file, name);
    if (known !== undefined) return known;
    this.numbers.set(keyOf(file, name), this.next);
    return this.next++;
  }

  private async begin(file: RolloutFile, isReset: boolean): Promise<void> {
    if (!this.isMade) {
      this.isMade = true;
      await this.database.run(`create table groups (gid uinteger, file uinteger, name varchar, stage varchar, step double, dataset varchar, sample varchar, policy varchar, mode varchar, group_size integer,
        group_mean double, group_std double, spread varchar, pass_rate double, errors integer, majority varchar, majority_share double, gold_doubted boolean)`);
    }
    const known = this.tables[file.number];
    if (known !== undefined && !isReset) return;
    if (known !== undefined) await this.database.run(`drop table ${known}`);
    await this.database.run(`delete from groups where file = ${file.number}`);
    for (const key of [...this.numbers.keys()]) if (key.startsWith(`${file.number}\0`) && isReset) this.numbers.delete(key);
    const table = this.database.newTable();
    await this.database.run(`create table ${table} (gid uinteger, is_last boolean)`);
    this.tables[file.number] = table;
  }

  /** A rollout that a resumed run wrote again takes the place of the earlier one. */
  private async keepLast(file: RolloutFile, named: string): Promise<void> {
    const table = this.tableOf(file);
    await this.database.run(`update ${table} set is_last = false from (
      select line from (select f.rowid as line, row_number() over (partition by gid, coalesce(idx, -1 - f.rowid) order by f.rowid desc) as nth from ${file.table} f positional join ${table} g where gid in (select gid from ${named})) where nth > 1
    ) older where ${table}.rowid = older.line`);
  }

  /** The rules are those of `spreadOf`; a gold answer is doubted where more than half of the group agrees on an answer that counts as wrong. */
  private async summarize(file: RolloutFile, named: string): Promise<void> {
    const rows = `select f.*, gid, is_last from ${file.table} f positional join ${this.tableOf(file)} g`;
    await this.database.run(`delete from groups where gid in (select gid from ${named})`);
    await this.database.run(`insert into groups
      with members as (select * from (${rows}) where is_last and gid in (select gid from ${named})),
      given as (select gid, lower(answer) as given, count(*) as n, bool_or(is_right) as is_right from members where answer <> '' group by all),
      majorities as (select gid, arg_max(given, n) as given, max(n) as n, arg_max(is_right, n) as is_right from given group by gid)
      select gid, ${file.number}, any_value(name), any_value(m.stage), any_value(step), any_value(dataset), any_value(sample), any_value(policy), any_value(mode), count(*), avg(overall), stddev_samp(overall),
        case when bool_or(dropped) then 'dropped' when count(overall) < 2 then 'unscored' when min(overall) = max(overall) or stddev_samp(overall) <= 1e-8 then 'zero' when stddev_samp(overall) < 1e-3 then 'near-zero' else 'some' end,
        count(*) filter (where m.is_right) / nullif(count(m.is_right), 0), count(*) filter (where overall is null or error is not null), any_value(j.given), any_value(j.n) / count(*),
        coalesce(any_value(j.n) * 2 > count(*) and count(*) > 2 and any_value(j.is_right) = false, false)
      from members m left join majorities j using (gid) group by gid`);
  }
}

function keyOf(file: RolloutFile, name: string): string {
  return `${file.number}\0${name}`;
}

