import { chipOf } from '../../src/core/query/printQuery';
import type { ImageScore } from '../../src/protocol/rollouts';
import { asked, images, openTab } from './rolloutsModel';

const size = 320;
const inset = 36;
/** More points are one blot, and slow. */
const mostPoints = 3000;

/** Every image with samples of both kinds: what perception got (across) and what reasoning got (up). Those that are seen well and reasoned badly lie at the bottom right. */
export function ImagesPane() {
  const all = images.value;
  if (!all) return <div class="empty">Bringing the samples of each image together…</div>;
  if (all.length === 0) return <div class="empty">No image of this run has both perception and reasoning samples.</div>;
  const shown = all.slice(0, mostPoints);
  const across = Math.max(1, ...shown.map(each => each.perception));
  const up = Math.max(1, ...shown.map(each => each.reasoning));
  const x = (value: number): number => inset + (Math.max(0, value) / across) * (size - inset - 8);
  const y = (value: number): number => size - inset - (Math.max(0, value) / up) * (size - inset - 8);
  const worst = [...all].sort((a, b) => b.perception - b.reasoning - (a.perception - a.reasoning)).slice(0, 20);
  return (
    <div class="images-pane">
      <svg class="scatter" width={size} height={size} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`${all.length} images: perception against reasoning`}>
        <line x1={inset} y1={size - inset} x2={size - 8} y2={size - inset} /><line x1={inset} y1={8} x2={inset} y2={size - inset} />
        <text x={size - 8} y={size - 10} text-anchor="end">perception, mean reward →</text>
        <text x={12} y={8} transform={`rotate(-90 12 8)`} text-anchor="end">reasoning, pass rate →</text>
        {shown.map(each => <circle key={each.image} cx={x(each.perception)} cy={y(each.reasoning)} r={4} tabIndex={0} role="button" aria-label={wordsOf(each)} onClick={() => choose(each)} onKeyDown={event => event.key === 'Enter' && choose(each)}><title>{wordsOf(each)}</title></circle>)}
      </svg>
      <table>
        <caption class="dim">Seen well, reasoned badly</caption>
        <thead><tr><th>image</th><th class="number">perception</th><th class="number">reasoning</th></tr></thead>
        <tbody>{worst.map(each => <tr key={each.image}><td><button class="link" onClick={() => choose(each)}>{nameOf(each)}</button></td><td class="number">{each.perception.toFixed(2)}</td><td class="number">{each.reasoning.toFixed(2)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

/** Its rollouts of both kinds, as chips. */
function choose({ samples }: ImageScore): void {
  const chips = samples.map(sample => chipOf('sample', sample).slice('sample:'.length)).join('|');
  void openTab('responses');
  void asked.ask({ text: `sample:${chips}` });
}

const nameOf = ({ image }: ImageScore): string => image.split(/[\\/]/).at(-1) ?? image;
const wordsOf = (each: ImageScore): string => `${nameOf(each)}: perception ${each.perception.toFixed(2)}, reasoning ${each.reasoning.toFixed(2)}`;
