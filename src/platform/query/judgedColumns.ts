import { parseCuration } from '../../core/curation/curationLine';
import { parseRow } from '../../core/dataset/parseRow';
import { answerGiven, majorityAnswer } from '../../core/grading/majorityAnswer';
import { defaultColumns } from '../../core/project/projectDefaults';
import { secondAgreement } from '../../core/review/agreement';
import { labelsOfRow } from '../../core/review/secondLabels';
import { listRolloutStages, listRunFolders, rolloutFile } from '../runs/runFolders';
import type { QueryDatabase } from './queryDatabase';
import type { QuerySource } from './querySource';

/** Boxes of a row as they are written; a name that no column has. */
export const boxesColumn = '\x01boxes';

/** Runs that are looked through for responses, the newest first; as many as the editor looks through for one sample. */
const mostRuns = 5;
/** Scores are kept as whole numbers of this part. */
const part = 1e6;

/** Files of rollouts, the one whose groups count before those of all others first. */
export async function responseFiles(projectFolder: string): Promise<readonly string[]> {
  const runs = (await listRunFolders(projectFolder)).slice(0, mostRuns);
  return (await Promise.all(runs.map(async run => [...(await listRolloutStages(run))].reverse().map(stage => rolloutFile(run, stage))))).flat();
}

/** A table `qid, given`: what the last stored group of each sample answers, a JSON list of texts. `read` gives the lines of one file as a table expression. */
export async function readGiven(database: QueryDatabase, files: readonly string[], dataset: string, read: (file: string) => string): Promise<string> {
  const heading = '### The final answer is:';
  const said = `case when contains(response, '${heading}') then regexp_extract(response, '${heading}\\s*([^\\n]*)', 1) when length(response) > 400 then '' else response end`;
  const answered = `case when contains(response, '${heading}') then '${heading} ' || ${said} else ${said} end`;
  const records = files.map((file, rank) => `select sampleId as qid, ${rank} as rank, step, "group" as group_id, ${answered} as response from ${read(file)} where dataset = '${dataset.replaceAll("'", "''")}' and sampleId is not null`);
  const all = records.length === 0 ? "select '' as qid, 0 as rank, 0::double as step, '' as group_id, '' as response where false" : records.join(' union all ');
  return database.table(`with told as (${all}), groups as (select qid, rank, coalesce(step, 0) as step, coalesce(group_id, '') as group_id, to_json(list(coalesce(response, '')))::varchar as given from told group by all),
    ranked as (select qid, given, row_number() over (partition by qid order by rank, step desc, group_id desc) as place from groups)
    select qid, given from ranked where place = 1`);
}

/** A table of `row` and what the responses of its sample say about its answer; `rows` selects `row`, `answer` and `given`. */
export async function judgeMajority(database: QueryDatabase, rows: string): Promise<string> {
  const judged = (await database.rows(rows)).flatMap(([row, answer, given]) => {
    const told = majorityAnswer((JSON.parse(String(given)) as readonly string[]).map(answerGiven), answer === null ? '' : String(answer));
    return told ? [[Number(row), told.verdict, told.answer, told.count, told.of] as const] : [];
  });
  return database.tableOf(['row uinteger', 'majority varchar', 'majority_answer varchar', 'count uinteger', 'total uinteger'], judged);
}

/** A table of `row` and how far its second labels agree; `rows` selects `row`, `answer`, the boxes as JSON, and the second labels as JSON. */
export async function judgeAgreement(database: QueryDatabase, source: QuerySource, rows: string): Promise<string> {
  const judged = (await database.rows(rows)).flatMap(([row, answer, boxes, text]) => {
    const second = parseCuration(`{"qid":"-","second":${String(text)}}`).value?.curation.second;
    if (!second) return [];
    const { row: first } = parseRow(`{"qid":"-","problem":"","answer":${JSON.stringify(answer === null ? '' : String(answer))},"images":[],"boxes":${boxes === null ? '[]' : String(boxes)}}`, defaultColumns);
    if (!first) return [];
    const { score } = secondAgreement(labelsOfRow(first), second, source.boxFrame ?? 'pixel');
    return [[Number(row), second.settled ? 'settled' : score < 1 ? 'open' : 'agreed', Math.round(score * part)] as const];
  });
  return database.tableOf(['row uinteger', 'second varchar', 'score uinteger'], judged);
}

/** The columns of the two tables, as they are asked for. */
export const judgedSelects = {
  majority: "coalesce(majority, 'none') as majority, coalesce(majority_answer, '') as majority_answer, count / total as majority_share",
  second: `coalesce(second, 'none') as second, score / ${part} as agreement`,
} as const;
