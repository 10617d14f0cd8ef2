import type { Problem, Severity } from '../problem';
import { ruleAddress } from './ruleDocs';
import { type RuleId, rules } from './rules';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };

/** Problems as SARIF 2.1.0, which code hosts and editors show. `uriOf` makes an address of a file's absolute path, relative where it can be. */
export function toSarif(problems: readonly Problem[], version: string, uriOf: (file: string) => string): object {
  const used = [...new Set(problems.map(problem => problem.rule))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'PeBR Studio', version, semanticVersion: version, informationUri: 'https://github.com/pebr-studio/pebr-studio', rules: used.map(descriptor),
        },
      },
      columnKind: 'utf16CodeUnits',
      results: problems.map(problem => ({
        ruleId: problem.rule,
        ruleIndex: used.indexOf(problem.rule),
        level: levels[problem.severity],
        message: { text: `${problem.message} ${problem.remedy}` },
        locations: [{
          physicalLocation: {
            artifactLocation: { uri: uriOf(problem.file) },
            region: { startLine: problem.line ?? 1, ...(problem.column === undefined ? {} : { startColumn: problem.column }) },
          },
          ...(problem.qid === undefined ? {} : { logicalLocations: [{ name: problem.qid, kind: 'element' }] }),
        }],
        ...(problem.qid === undefined ? {} : { properties: { qid: problem.qid } }),
      })),
    }],
  };
}

function descriptor(id: string): object {
  const rule = Object.hasOwn(rules, id) ? rules[id as RuleId] : undefined;
  return {
    id,
    helpUri: ruleAddress(id),
    ...(rule && { shortDescription: { text: `${rule.title}.` }, fullDescription: { text: rule.why }, defaultConfiguration: { level: levels[rule.severity] } }),
  };
}
