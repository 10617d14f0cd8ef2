import katex from 'katex';

/**
 * A bundle of its own, loaded when a first formula is looked at. Formulas are other people's text: nothing of them becomes HTML, links and images are
 * refused, macros run out, and the output is MathML, which needs no fonts of ours.
 */
(globalThis as { pebrLatex?: unknown }).pebrLatex = (source: string, element: HTMLElement, isBlock: boolean): void => {
  katex.render(source, element, { output: 'mathml', displayMode: isBlock, trust: false, throwOnError: true, strict: 'ignore', maxExpand: 200, maxSize: 20 });
};
