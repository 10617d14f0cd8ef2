import type { Random } from './random';

/** Answers as models and annotators write them: units, money, matrices, intervals, options, other scripts, and texts that are none. */
type Family = (random: Random) => string;

const whole: Family = r => String(r.int(-40, r.chance(0.2) ? 5_000_000 : 99));
const decimal: Family = r => `${r.int(-9, 60)}.${r.int(0, 999)}`;
const grouped: Family = r => whole(r).replace(/\B(?=(\d{3})+$)/g, r.of([',', ',', ',\\!', '{,}', '\u00a0', '\u202f', "'", '.', ' ', '，']));
const fraction: Family = r => `${r.of(['', '', '-', '+'])}${r.of(['\\frac', '\\dfrac', '\\tfrac'])}${r.of(['{', ' {'])}${value(r)}}{${value(r)}}`;
const value: Family = r => r.of<Family>([whole, whole, decimal, () => 'x', s => `\\sqrt{${s.int(2, 20)}}`, s => `${s.int(2, 9)}\\pi`, s => (s.chance(0.3) ? fraction(s) : whole(s))])(r);
const part: Family = r => r.of<Family>([whole, decimal, fraction, value, grouped])(r);
const list = (r: Random, of: Family, from: number, to: number, between: readonly string[]): string => Array.from({ length: r.int(from, to) }, () => of(r)).join(r.of(between));
const commas = [',', ', ', ' , ', ',\\ ', ', \\, ', '; ', '，', '、', ' and ', ', and '];

const fullWidth = (text: string): string => text.replace(/[!-~]/g, sign => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));
const raised = (text: string): string => text.replace(/\d/g, digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit);
const things = ['red cat', 'cube', 'apple', 'North America', 'Mr. Smith', 'blue car', 'isosceles triangle', 'left side', 'New York', 'photosynthesis', 'H2O', 'CO_2', 'Na+', '$x$-axis', 'sin', 'E. coli', "Newton's law"];
const units = ['cm', ' cm', '\\,\\text{cm}', '\\text{ cm}^2', '~\\mathrm{m/s}', ' m/s', ' km/h', ' kg\\cdot m', '\\ \\text{units}', ' square units', ' cm²', ' m^3', '\\mathrm{~cm}', ' \\mathrm{cm}^{2}', '{\\rm cm}', ' degrees', '^\\circ', '^{\\circ}', '°', '°C', ' ℃', '^\\circ\\text{C}', ' rad', ' radians', ' Ω', ' μm', ' ft', ' in', ' lbs', ' hours and 3 minutes', ' mL', ' L', '\\%', '%', ' per cent', '％', '‰', ' dollars', ' cents', ' ¢', '元', ' 个', '厘米', '米', '度'];
const coins = ['$', '\\$', '€', '£', '¥', 'US$', '$ ', '\\$ ', 'Rs. ', 'USD ', '￥'];

export const writtenFamilies: readonly Family[] = [
  fraction,
  grouped,
  r => `${r.int(1, 12)}${r.of(['', ' ', '\\ ', '\\,', ' and ', '-', '~', '\\;', '+'])}${r.of([fraction, (s: Random) => `${s.int(1, 8)}/${s.int(2, 9)}`])(r)}`,
  r => `${part(r)}${r.of(units)}`,
  r => `${r.of(coins)}${r.of([whole, decimal, grouped])(r)}${r.of(['', '.50', '.00', ' million', 'k', ' per hour', '/hr', '$'])}`,
  r => `${r.of(['\\boxed{', '\\fbox{', '$\\boxed{', '\\boxed{\\boxed{', '\\boxed{\\text{', 'The answer is \\boxed{'])}${r.of([part, (s: Random) => s.of(things)])(r)}${r.of(['}', '}}', '}$', '}.'])}`,
  r => `${r.of(['\\text', '\\textbf', '\\mathrm', '\\mathbf', '\\operatorname', '\\text ', '\\textrm', '\\textit'])}{${r.of<Family>([s => s.of(things), part, s => `(${s.of(['A', 'B', 'C'])})`, s => `{${s.of(things)}}`, s => `\\text{${s.of(things)}}`])(r)}}`,
  r => `\\sqrt${r.of(['', '', '[3]', '[n]', ' '])}${r.of(['{', '{{', ''])}${value(r)}${r.of(['}', '}}', ''])}`,
  r => `${r.of(['[', '(', '\\left[', '\\left(', ']', '［', '（'])}${part(r)}${r.of(commas)}${r.of([part, () => '\\infty', () => '+\\infty', () => '∞'])(r)}${r.of([']', ')', '\\right]', '\\right)', '[', '］', '）'])}`,
  r => `(-\\infty,${r.of(['', ' '])}${part(r)}${r.of([']', ')'])}${r.of([' \\cup ', '\\cup', ' ∪ ', ' U ', ' and ', ' or '])}${r.of(['[', '('])}${part(r)}, \\infty)`,
  r => `${r.of(['(', '\\left(', '<', '\\langle ', '\\{', '\\left\\{', '{', '[', '|'])}${list(r, part, 1, 4, commas)}${r.of([')', '\\right)', '>', '\\rangle', '\\}', '\\right\\}', '}', ']', '|'])}`,
  r => list(r, part, 2, 4, commas),
  r => `${r.of(['x', 'a', 'y', '(x,y)', 'x_1', 'S', 'f(x)', '\\theta', 'x, y'])}${r.of([' = ', '=', ' \\in ', ' \\approx ', '≈', ' < ', ' \\leq ', ' ≤ ', ' \\neq ', ': ', ' \\equiv '])}${list(r, part, 1, 2, [', ', ' or ', ' \\text{ or } ', ' \\text{or} x = '])}`,
  r => {
    const kind = r.of(['pmatrix', 'bmatrix', 'matrix', 'vmatrix', 'array']);
    const rows = Array.from({ length: r.int(1, 3) }, () => list(r, part, 1, 3, [' & ', '&']));
    return `${r.of(['', '\\left('])}\\begin{${kind}}${kind === 'array' ? '{cc}' : ''}${r.of(['', ' '])}${rows.join(r.of([' \\\\ ', '\\\\', '\\\\[2pt] ', '\\cr']))}\\end{${kind}}`;
  },
  r => `${r.of(['', part(r), 'x = '])}${r.of(['\\pm', ' \\pm ', '±', '+-', '+/-', ' \\mp ', '∓'])}${part(r)}`,
  r => `${r.of([whole, decimal])(r)}${r.of([' \\times 10^{', '\\times10^', ' × 10^', '×10', 'e', 'E', ' x 10^', ' * 10^', '\\cdot10^{'])}${r.of([String(r.int(-12, 12)), raised(String(r.int(1, 12))), `{${r.int(-9, 9)}}`])}${r.of(['', '}'])}`,
  r => `${r.of(['', '', '(', '[', '\\text{(', '\\textbf{', '**', 'Option ', 'option ', 'The answer is ', 'Answer: ', '选项', '答案是', '（'])}${r.of(['A', 'B', 'C', 'D', 'E', 'a', 'b', 'Ａ', 'AB', 'A, C', 'A and B'])}${r.of(['', '', ')', '.', ':', ': ', '. ', ') ', ')}', '}', '**', ']', '）', '、'])}${r.of(['', '', '', ...things, part(r)])}`,
  r => `${r.of(['', '', 'the ', 'The ', 'a ', 'an ', 'A '])}${r.of(things)}${r.of(['', '', '.', '!', '?', ',', ';', '...', '。', '\n', '"', "'s", ' (left)', ' ', '/'])}`,
  r => r.of(['是', '否', '正确', '三角形', '红色的猫', '５', '１２３', '３．１４', '（３，４）', '十二', '百分之五十', '50％', '３／４', '一半', 'はい', '네', 'да', '½', '¾', '⅓', '1½', 'π', '2π', '√2', '√(2)', '∞', '−3', '–3', '—3', '×', '÷', 'x≥3', 'x²+1', '∠ABC', '△ABC', '45°', "45°30'", 'é', 'e\u0301', 'ﬁ', 'Å', '\u212b', 'İ', 'ß', 'SS', '🙂']),
  r => r.of(['None', 'null', 'nil', 'NaN', 'N/A', 'n/a', 'undefined', 'nothing', '-', '--', '?', '...', '[]', '{}', '()', '""', "''", '\u200b', '\ufeff', '\u3000', '\0', 'False', 'True', 'true', '0', 'no answer', 'No solution', '\\emptyset', '\\varnothing', '∅', '\\text{None}', '\\text{no solution}', '\\mathbb{R}', 'ℝ', '\\infty', '-\\infty', 'DNE', '\\text{DNE}', '\\text{True}', 'all real numbers']),
  r => `${part(r)}${r.of(['+', '-', ' \\cdot ', '\\times ', '*', ' ÷ ', '/', ':', ' to ', ' - ', '–', '-', '~', ' mod '])}${part(r)}`,
  r => `${r.int(1, 12)}:${r.int(0, 59)}${r.of(['', ':30', ' am', ' p.m.', ' PM', 'h'])}`,
  r => `${r.of(['January', 'Jan.', 'May'])} ${r.int(1, 31)}${r.of(['', 'st', 'th', ',', ', 2024', ' 2024'])}`,
  r => `${r.int(2, 9)}${r.of(['^', '**', '^{'])}${r.int(2, 9)}${r.of(['', '}', '_{2}', '_2', '_{10}'])}`,
  r => `${r.int(10, 99)}${r.of(['_', '_{', '_{\\text{'])}${r.int(2, 16)}${r.of(['', '}', '}}'])}`,
  r => `${r.of(['\\sin', '\\cos ', '\\tan', '\\log_{2}', '\\ln', '\\arcsin', '\\log', 'sin', 'ln ', '\\exp'])}${r.of(['', '(', '{', ' '])}${value(r)}${r.of(['', ')', '}', '^\\circ'])}`,
  r => `${r.of(['|', '\\lvert ', '\\left|', '\\lfloor ', '\\lceil ', '\\overline{', '\\vec{', '\\angle ', '\\triangle '])}${r.of([value(r), 'ABC', 'AB'])}${r.of(['|', '\\rvert', '\\right|', '\\rfloor', '\\rceil', '}', ''])}`,
  r => `${part(r)}${r.of([' ', '\n', '\r\n', '\t', '\\\\', '\\quad ', '\\qquad', '\\;', '\\!', '\\ ', '&', '\\hspace{1cm}', '%', '# '])}${part(r)}`,
  r => r.of([part(r), r.of(things)]).repeat(r.of([20, 60, 400])),
  r => `${'('.repeat(r.int(1, 40))}${part(r)}${')'.repeat(r.int(1, 40))}`,
  r => `${'{'.repeat(r.int(1, 6))}${part(r)}${'}'.repeat(r.int(1, 6))}`,
  r => `${r.of(['1', '2', '3'])}${r.of(['0', '9', '1'] as const).repeat(r.int(15, 40))}${r.of(['', '.0', '.5', '/3', '%'])}`,
  r => `0.${r.of(['3', '6', '0', '142857', '9'] as const).repeat(r.int(2, 20))}${r.of(['', '1', '4', '...', '\\ldots', '…', '\\overline{3}'])}`,
  r => `**${part(r)}**${r.of(['', '.', '\n'])}`,
  r => `${r.of(['<answer>', '`', '```\n', '"', '“', '\\(', '\\[', '$$', '$'])}${part(r)}${r.of(['</answer>', '`', '\n```', '"', '”', '\\)', '\\]', '$$', '$', '$.'])}`,
];

/** Ways in which one writer's answer differs from another's. */
export const writtenChanges: readonly ((text: string, random: Random) => string)[] = [
  text => fullWidth(text),
  text => raised(text),
  text => text.normalize('NFD'),
  text => text.normalize('NFKC'),
  text => text.replaceAll('{,}', ',').replaceAll(',\\!', ','),
  text => text.replace(/(\d),(?=\d{3})/g, '$1'),
  text => text.replaceAll('\\left', '').replaceAll('\\right', ''),
  text => text.replace(/\\(?:text|mathrm|textbf|mathbf)\{([^{}]*)\}/g, '$1'),
  text => text.replace(/^\\boxed\{(.*)\}$/s, '$1'),
  text => text.replace(/[.。!?]+$/, ''),
  text => text.replace(/^(?:the|an?) /i, ''),
  text => text.replace(/ ?(?:cm|m\/s|units|degrees|\^\\circ|°|\\?%|dollars)/g, ''),
  text => text.replace(/^\\?[$€£¥] ?/, ''),
  text => text.replace(/^\(([A-E])\)/, '$1'),
  text => text.replace(/^([A-E])\b.*$/s, '$1'),
  text => text.replace(/([A-E])/, '($1)'),
  text => text.replaceAll(' ', '\u00a0'),
  text => text.replaceAll('\\pm', '±'),
  text => text.replaceAll('−', '-'),
  text => text.replace(/pmatrix/g, 'bmatrix'),
  text => text.replace(/(\d+)\.(\d+)/, (_, a: string, b: string) => `${a}.${b}0`),
  text => text.replace(/\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}/, '\\frac{($1)}{($2)}'),
  text => `Answer: ${text}`,
  text => `${text} \\\\`,
  text => `${text}\\text{ cm}`,
  text => `\\left(${text}\\right)`,
  text => `\\{${text}\\}`,
  text => text.replace(/^-/, '−'),
];
