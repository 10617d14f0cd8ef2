/** What a box is; each has one colour of the theme, and a line of its own so that colour is never the only sign. */
export type BoxLook = 'gold' | 'prediction' | 'good' | 'bad';

export interface CanvasColors {
  readonly box: Readonly<Record<BoxLook, string>>;
  readonly focus: string;
  readonly background: string;
  readonly foreground: string;
  readonly font: string;
}

/** The theme's colours at this moment; a canvas cannot use CSS variables. */
export function readCanvasColors(): CanvasColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  return {
    box: {
      gold: color('--vscode-charts-yellow', '#cca700'),
      prediction: color('--vscode-charts-blue', '#3794ff'),
      good: color('--vscode-charts-green', '#89d185'),
      bad: color('--vscode-charts-red', '#f14c4c'),
    },
    focus: color('--vscode-focusBorder', '#007fd4'),
    background: color('--vscode-editor-background', '#1e1e1e'),
    foreground: color('--vscode-foreground', '#cccccc'),
    font: `${color('--vscode-font-size', '13px')} ${color('--vscode-font-family', 'sans-serif')}`,
  };
}

/** Calls back when the person switches the theme. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
  return () => observer.disconnect();
}
