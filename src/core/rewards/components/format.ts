import { findFormatMarkers } from '../../grading/formatMarkers';
import type { SingleComponent } from '../reward';

/** 1 where all four headings of the paper's grammar are there, in any order and letter case; else 0. */
export function format(): SingleComponent {
  return ({ response }) => {
    const findings = findFormatMarkers(response);
    return {
      value: findings.every(finding => finding.span !== null),
      evidence: findings.map(({ marker, span }) =>
        span ? { kind: 'format', start: span.start, end: span.end, text: marker, ok: true } : { kind: 'format', text: marker, ok: false, note: 'missing' },
      ),
    };
  };
}
