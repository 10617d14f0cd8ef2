import type { ReportTable, RunReport } from './report';

/** For a terminal: columns padded, numbers to the right. */
export function reportAsText(report: RunReport): string {
  const tables = report.tables.map(table => [table.title, table.note, '', ...paddedRows(table), ''].join('\n'));
  const problems = report.problems.length > 0 ? ['Problems', ...report.problems.map(problem => `- ${problem}`), ''] : [];
  return [report.title, ...report.facts, '', ...tables, ...problems].join('\n');
}

export function reportAsMarkdown(report: RunReport): string {
  const tables = report.tables.map(table => {
    const rule = table.columns.map((_, column) => (column < table.texts ? '---' : '---:'));
    return [`## ${table.title}`, '', table.note, '', line(table.columns), line(rule), ...table.rows.map(line), ''].join('\n');
  });
  const problems = report.problems.length > 0 ? ['## Problems', '', ...report.problems.map(problem => `- ${escaped(problem)}`), ''] : [];
  return [`# ${escaped(report.title)}`, '', ...report.facts.map(fact => `- ${escaped(fact)}`), '', ...tables, ...problems].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}

/** Messages come from files; a heading or a tag in them must stay text. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[<>*_`[\]]/g, '\\$&');
}

function paddedRows(table: ReportTable): string[] {
  const rows = [table.columns, ...table.rows];
  const widths = table.columns.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  const padded = rows.map(row => row.map((cell, column) => (column < table.texts ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
  const [head = '', ...body] = padded;
  return [head, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...body];
}
