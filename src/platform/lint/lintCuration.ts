import { addCount, type LintReport, type RuleCount } from '../../core/lint/lintReport';
import { type RuleId, rules } from '../../core/lint/rules';
import { curationFile, readCuration } from '../dataset/curationFile';

const mostListed = 2000;

/** What cannot be read of the decisions about a dataset file's samples. */
export async function lintCuration(datasetFile: string): Promise<LintReport> {
  const { problems } = await readCuration(curationFile(datasetFile));
  const counts = new Map<RuleId, RuleCount>();
  for (const { rule, severity } of problems) if (Object.hasOwn(rules, rule)) addCount(counts, rule as RuleId, severity);
  return { problems: problems.slice(0, mostListed), counts, marks: new Map() };
}
