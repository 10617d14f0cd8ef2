import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { loadLatex } from '../shared/loadLatex';
import { latexPieces } from './latexPieces';

const longest = 4000;

/** An answer with its formulas drawn, and what is wrong with one that cannot be. */
export function LatexPreview({ source }: { readonly source: string }): preact.JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const fault = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    fault.value = source.length > longest ? `A formula of more than ${longest.toLocaleString('en')} characters is not drawn.` : undefined;
    place.current?.replaceChildren();
    if (fault.value !== undefined || source.trim() === '') return undefined;
    loadLatex().then(
      draw => {
        if (isGone || !place.current) return;
        place.current.replaceChildren(...latexPieces(source).map(({ text, isFormula }) => {
          const element = document.createElement('span');
          if (!isFormula) element.textContent = text;
          else {
            try {
              draw(text, element, false);
            } catch (error) {
              element.textContent = text;
              element.className = 'latex-fault';
              fault.value = (error instanceof Error ? error.message : String(error)).replace(/^KaTeX parse error: /, '');
            }
          }
          return element;
        }));
      },
      (error: unknown) => (fault.value = error instanceof Error ? error.message : String(error)),
    );
    return () => (isGone = true);
  }, [source]);
  return (
    <>
      <div ref={place} class="latex" role="img" aria-label={`Formula ${source}`} />
      {fault.value !== undefined && <p class="hint" role="status"><i class="codicon codicon-warning is-warning" aria-hidden="true" /> {fault.value}</p>}
    </>
  );
}
