/** Draws a formula into an element, as MathML. Throws where the formula cannot be read. */
export type DrawLatex = (source: string, element: HTMLElement, isBlock: boolean) => void;

const own = document.currentScript instanceof HTMLScriptElement ? { nonce: document.currentScript.nonce, src: document.currentScript.src } : undefined;
let loading: Promise<DrawLatex> | undefined;

/** The bundle that draws formulas, from beside this one and under its nonce. */
export function loadLatex(): Promise<DrawLatex> {
  loading ??= new Promise<DrawLatex>((resolve, reject) => {
    const script = document.createElement('script');
    script.nonce = own?.nonce ?? '';
    script.src = new URL('latex.js', own?.src).href;
    script.onload = () => {
      const { pebrLatex } = globalThis as { pebrLatex?: DrawLatex };
      if (pebrLatex) resolve(pebrLatex);
      else reject(new Error('Formulas cannot be drawn here.'));
    };
    script.onerror = () => {
      loading = undefined;
      reject(new Error('Formulas cannot be drawn here.'));
    };
    document.head.append(script);
  });
  return loading;
}
