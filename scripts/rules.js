// Writes docs/RULES.md from the rules in the code: `node scripts/rules.js`.
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const { buildSync } = require('esbuild');
const { root } = require('./setUp');

const names = { error: 'error', warning: 'warning', info: 'note' };

function rulesText() {
  const { outputFiles } = buildSync({
    stdin: { contents: "export { rules } from './rules'; export { fixOfRule } from './fixes/fixOf';", resolveDir: path.join(root, 'src/core/lint') },
    bundle: true, write: false, format: 'cjs', platform: 'node', mainFields: ['module', 'main'],
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require);
  const { fixOfRule } = module.exports;
  const fixText = id => (fixOfRule(id) ? `\nQuick fix: *${fixOfRule(id).title}*${fixOfRule(id).isAsked ? '; `pebr lint --fix` only with this rule named.' : '.'}\n` : '');
  const rules = Object.entries(module.exports.rules);
  const entries = rules.map(([id, { severity, title, why }]) => `## ${id}\n\n**${title}.** ${names[severity]}\n\n${why}\n${fixText(id)}`);
  return `# Rules of the linter\n\n${rules.length} rules look at the rows of datasets and of the warm-up. Findings stand in Problems at their line, in the trees, in the dataset editor and in \`pebr lint\`.\n\n${entries.join('\n')}`;
}

module.exports = { rulesText };

if (require.main === module) writeFileSync(path.join(root, 'docs/RULES.md'), rulesText());
