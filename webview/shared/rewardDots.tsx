import type { RolloutMark } from '../../src/core/rollouts/rolloutGroup';

const width = 132;
const height = 20;
const inset = 7;

/** Import `rewardDots.css`. Rewards of a group on a scale from 0 to 1 (further where they go further): up-triangle and green for a positive advantage, down and red for a negative. */
export function RewardDots({ marks }: { readonly marks: readonly RolloutMark[] }) {
  const scored = marks.flatMap(mark => (mark.overall === null ? [] : [mark.overall]));
  const low = Math.min(0, ...scored);
  const high = Math.max(1, ...scored);
  const seen = new Map<number, number>();
  return (
    <svg class="dots" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <line x1={inset} x2={width - inset} y1={height / 2} y2={height / 2} class="dots-scale" />
      {marks.map((mark, index) => {
        if (mark.overall === null) return <path key={index} class="dot-failed" d={`M${index * 4 + 1} 2 l3 3 m0 -3 l-3 3`} />;
        const x = Math.round(inset + ((mark.overall - low) / (high - low)) * (width - 2 * inset));
        const level = seen.get(x) ?? 0; // equal rewards stand beside each other, so that eight of them look like eight
        seen.set(x, level + 1);
        return <Dot key={index} x={x + fan(level)} advantage={mark.advantage ?? 0} />;
      })}
    </svg>
  );
}

/** 0, 3, −3, 6, −6, … px */
function fan(level: number): number {
  return (level % 2 === 1 ? 1 : -1) * Math.ceil(level / 2) * 3;
}

function Dot({ x, advantage }: { readonly x: number; readonly advantage: number }) {
  const y = height / 2;
  const at = Math.max(3, Math.min(width - 3, x));
  if (Math.abs(advantage) < 1e-6) return <circle class="dot-none" cx={at} cy={y} r={2.5} />;
  return advantage > 0
    ? <path class="dot-positive" d={`M${at - 3.5} ${y + 2} L${at + 3.5} ${y + 2} L${at} ${y - 5} Z`} />
    : <path class="dot-negative" d={`M${at - 3.5} ${y - 2} L${at + 3.5} ${y - 2} L${at} ${y + 5} Z`} />;
}
