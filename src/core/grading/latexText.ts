const symbols: Readonly<Record<string, string>> = {
  pi: 'pi', times: '*', cdot: '*', infty: 'inf', cup: 'U', cap: '∩', div: '÷', pm: '±', mp: '∓', circ: '∘', le: '≤', leq: '≤', ge: '≥', geq: '≥',
  neq: '≠', approx: '≈', angle: '∠', quad: '  ', qquad: '    ', ' ': ' ', '%': '%', '{': '{', '}': '}', $: '$', '&': '&', _: '_', '#': '#',
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ϵ', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', iota: 'ι', kappa: 'κ', lambda: 'λ', mu: 'μ',
  nu: 'ν', xi: 'ξ', rho: 'ρ', sigma: 'σ', tau: 'τ', upsilon: 'υ', phi: 'ϕ', varphi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω',
  Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π', Sigma: 'Σ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω',
  sin: 'sin', cos: 'cos', tan: 'tan', ln: 'ln', log: 'log', exp: 'exp', max: 'max', min: 'min',
};

/**
 * The plain text that mathruler reads out of LaTeX (pylatexenc and its own substitutions), for the macros that answers use:
 * `\frac{a+1}{2}` is `a+1/2`, without parentheses, as there. An unknown macro vanishes, its argument stays.
 */
export function latexToText(latex: string): string {
  const reader = new LatexReader(latex.replaceAll('\\tfrac', '\\frac').replaceAll('\\dfrac', '\\frac').replaceAll('\\frac', ' \\frac'));
  return reader
    .readUntil('')
    .replaceAll('√', 'sqrt').replaceAll('π', 'pi').replaceAll('∞', 'inf').replaceAll('∪', 'U').replaceAll('·', '*').replaceAll('×', '*')
    .trim();
}

class LatexReader {
  private at = 0;

  constructor(private readonly source: string) {}

  /** Everything up to `end`, which is passed over; an empty `end` means the end of the source. */
  readUntil(end: string): string {
    let text = '';
    while (this.at < this.source.length) {
      const char = this.source[this.at] ?? '';
      if (end && char === end) {
        this.at++;
        return text;
      }
      this.at++;
      if (char === '{') text += this.readUntil('}');
      else if (char === '\\') text += this.readMacro();
      else if (char !== '$' && char !== '}') text += char;
    }
    return text;
  }

  private readMacro(): string {
    const name = /^(?:[a-zA-Z]+|.?)/s.exec(this.source.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    if (/^[a-zA-Z]/.test(name)) this.skipBlanks();
    if (name === 'frac') return `${this.readArgument()}/${this.readArgument()}`;
    if (name === 'sqrt') {
      if (this.source[this.at] === '[') this.at = Math.max(this.at, this.source.indexOf(']', this.at) + 1);
      return `sqrt(${this.readArgument()})`;
    }
    if (name === 'left' || name === 'right' || name === '\\') return '';
    return symbols[name] ?? '';
  }

  private readArgument(): string {
    this.skipBlanks();
    const char = this.source[this.at++] ?? '';
    if (char === '{') return this.readUntil('}');
    return char === '\\' ? this.readMacro() : char;
  }

  private skipBlanks(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at++;
  }
}
