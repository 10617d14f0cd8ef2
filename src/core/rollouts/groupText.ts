import { spreadOf } from './groupSpread';
import type { Rollout } from './rollout';
import { isRight } from './rolloutGroup';

/** The responses of a group as a text to read. */
export interface GroupText {
  readonly text: string;
  /** Line of each response's heading, from 0. */
  readonly lines: readonly number[];
}

/** `run` is the name of the run. */
export function groupText(run: string, rollouts: readonly [Rollout, ...Rollout[]]): GroupText {
  const [{ sampleId, stage, step, group }] = rollouts;
  const { mean, std } = spreadOf(rollouts.map(({ overall }) => overall));
  const lines = [
    `# ${sampleId.replace(/\s+/g, ' ')}`,
    `${run} · ${stage}${step > 0 ? ` · step ${step}` : ''} · ${group} · ${mean === null ? 'no response was scored' : `mean ${mean.toFixed(3)}${std === null ? '' : ` ± ${std.toFixed(3)}`}`}`.replace(/\s+/g, ' '),
  ];
  const headings: number[] = [];
  for (const rollout of rollouts) {
    lines.push('');
    headings.push(lines.length);
    lines.push(`## ${headingOf(rollout)}`, ...scoresOf(rollout), '', ...rollout.response.split(/\r\n|[\n\r\u2028\u2029]/));
  }
  return { text: `${lines.join('\n')}\n`, lines: headings };
}

/** `▲ 1  0.700  right  advantage 0.50  7`. */
export function headingOf(rollout: Rollout): string {
  const { index, overall, advantage, error } = rollout;
  const right = isRight(rollout);
  const mark = advantage === null || Math.abs(advantage) < 1e-6 ? '○' : advantage > 0 ? '▲' : '▼';
  return [`${mark} ${index + 1}`, overall === null ? 'no score' : overall.toFixed(3), ...(right === null ? [] : [right ? 'right' : 'wrong']), ...(advantage === null ? [] : [`advantage ${advantage.toFixed(2)}`]), ...(error ? ['the reward failed'] : [])].join('  ');
}

function scoresOf({ components, evidence, error }: Rollout): readonly string[] {
  const scores = Object.entries(components).map(([name, value]) => `${name} ${value === null ? 'does not apply' : value.toFixed(3)}`).join(' · ');
  const boxes = evidence.flatMap(({ kind, bbox, text, iou }) => (kind === 'box' && bbox ? [`${text ?? 'box'} [${bbox.map(number => Math.round(number)).join(', ')}]${iou === undefined ? '' : ` IoU ${iou.toFixed(2)}`}`] : []));
  return [scores, boxes.length === 0 ? '' : `Boxes: ${boxes.join('; ')}`, error?.message ?? ''].map(line => line.replace(/\s+/g, ' ').trim()).filter(Boolean);
}
