import { evidencePieces } from '../../src/core/rollouts/evidenceSpans';
import type { Evidence } from '../../src/core/rewards/score';

/** A response with the spans marked that the reward took as description, answer, key word or box; import `evidenceText.css`. */
export function EvidenceText({ response, evidence }: { readonly response: string; readonly evidence: readonly Evidence[] }) {
  if (response === '') return <span class="dim">empty response</span>;
  return (
    <>
      {evidencePieces(response, evidence).map((piece, index) => {
        const [nearest] = piece.evidence;
        return nearest ? <mark key={index} class={evidenceClass(nearest)} title={piece.evidence.map(evidenceInWords).join('\n')}>{piece.text}</mark> : piece.text;
      })}
    </>
  );
}

function evidenceClass({ kind, ok }: Evidence): string {
  return `evidence evidence-${kind} ${ok === undefined ? '' : ok ? 'evidence-ok' : 'evidence-missed'}`;
}

export function evidenceInWords({ component, kind, text, note, ok, iou }: Evidence): string {
  const sign = ok === undefined ? '' : ok ? '✓ ' : '✗ ';
  const what = note ?? (kind === 'description' || kind === 'format' ? `taken as ${kind}` : (text ?? kind.replace('_', ' ')));
  return `${sign}${component ? `${component}: ` : ''}${what}${iou === undefined ? '' : ` (IoU ${iou.toFixed(2)})`}`;
}
