/** What a box is; each has one colour of the theme, and a line of its own so that colour is never the only sign. */
export type BoxLook = 'gold' | 'second' | 'prediction' | 'good' | 'bad';

export interface CanvasColors {
  readonly box: Readonly<Record<BoxLook, string>>;
  /** Beside the lines, so that they are seen on any picture. */
  readonly rim: Readonly<Record<BoxLook, string>>;
  /** How much wider than usual lines are. */
  readonly lineWidth: number;
  readonly focus: string;
  readonly background: string;
  readonly foreground: string;
  readonly font: string;
}

/** The theme's colours at this moment; a canvas cannot use CSS variables. */
export function readCanvasColors(): CanvasColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const box = {
    gold: color('--vscode-charts-yellow', '#cca700'),
    second: color('--vscode-charts-purple', '#b180d7'),
    prediction: color('--vscode-charts-blue', '#3794ff'),
    good: color('--vscode-charts-green', '#89d185'),
    bad: color('--vscode-charts-red', '#f14c4c'),
  };
  // In high contrast a theme's lines may be as dark as the picture, or as bright: the rim is what they are not, and nothing shines through it.
  const isHighContrast = document.body.classList.contains('vscode-high-contrast');
  const rim = (of: string): string => (isHighContrast ? textOn(of) : 'rgba(0, 0, 0, 0.55)');
  return {
    box,
    rim: { gold: rim(box.gold), second: rim(box.second), prediction: rim(box.prediction), good: rim(box.good), bad: rim(box.bad) },
    lineWidth: isHighContrast ? 1.5 : 1,
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

/** Black or white, whichever is read better on a `#rrggbb` or `rgb()` colour. */
export function textOn(color: string): '#000000' | '#ffffff' {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(color);
  const parts = hex ? hex.slice(1, 4).map(part => parseInt(part, 16)) : (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const [red = 128, green = 128, blue = 128] = parts;
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? '#000000' : '#ffffff';
}
