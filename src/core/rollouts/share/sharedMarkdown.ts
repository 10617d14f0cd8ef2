import type { Rollout } from '../rollout';
import { isRight, summarize } from '../rolloutGroup';
import { signMark, signOf } from './boxesSvg';
import { markdownBlock, markdownLine } from './markdownText';
import { placeInWords, selectionInWords, type SharedGroup, type SharedHead } from './sharedGroup';

export function markdownStart(head: SharedHead): string {
  return `# Rollouts of ${markdownLine(head.run)}\n\n${markdownLine(selectionInWords(head))} (${head.date}, PeBR Studio). Gold boxes are solid; ▲ stands for an advantage above the mean of its group, ▼ for one below.\n`;
}

/** One group: the picture with its boxes drawn, the label, a table of scores, and the responses to the letter. */
export function markdownGroup({ rollouts, sample, missing, image }: SharedGroup): string {
  const [first] = rollouts;
  const { mean, std, spread } = summarize(rollouts);
  const facts = mean === null ? 'No response was scored.' : `Mean ${mean.toFixed(3)}${std === null ? '' : ` ± ${std.toFixed(3)}`}${spread === 'zero' ? ', zero-std: the group teaches nothing' : spread === 'near-zero' ? ', near-zero std' : spread === 'dropped' ? ', zero-std, dropped by dynamic sampling' : ''}.`;
  return [
    '',
    `## ${placeInWords(first).map(markdownLine).join(' · ')}`,
    ...(image ? [`![Gold and predicted boxes](${image.src})`] : []),
    ...(missing === undefined ? [] : [markdownLine(missing)]),
    ...(sample ? [`**Problem.** ${markdownLine(sample.problem.replaceAll('<image>', '').trim())}`, `**Answer.** ${markdownLine(sample.answer) || 'none'}`] : []),
    ...(sample && sample.key_words.length > 0 ? [`**Key words.** ${sample.key_words.map(markdownLine).join(', ')}`] : []),
    `${facts} Group ${markdownLine(first.group)}.`,
    table(rollouts),
    ...rollouts.flatMap(rollout => [`**${signMark(signOf(rollout.advantage))} ${rollout.index + 1}**${rollout.error ? ` The reward failed: ${markdownLine(rollout.error.message)}` : ''}`, markdownBlock(rollout.response)]),
    '',
  ].join('\n\n');
}

function table(rollouts: readonly Rollout[]): string {
  const names = [...new Set(rollouts.flatMap(({ components }) => Object.keys(components)))];
  const number = (value: number | null | undefined): string => (typeof value === 'number' ? value.toFixed(3) : '–');
  const head = ['', 'overall', 'advantage', ...names.map(markdownLine), 'right', 'tokens'];
  const rows = rollouts.map(rollout => {
    const right = isRight(rollout);
    return [`${signMark(signOf(rollout.advantage))} ${rollout.index + 1}`, number(rollout.overall), number(rollout.advantage), ...names.map(name => number(rollout.components[name])), right === null ? '–' : right ? 'yes' : 'no', rollout.tokens > 0 ? String(rollout.tokens) : '–'];
  });
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
