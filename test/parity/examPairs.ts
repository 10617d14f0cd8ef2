import type { Pair } from './answers';
import { Random } from './random';

/** Ways to write one answer of an exam, as a key and several models would; the last ones are near misses. */
type Answer = (random: Random) => readonly string[];

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));
const raised = (value: number | string): string => [...String(value)].map(sign => ({ '-': '⁻', '+': '⁺' })[sign] ?? '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? sign).join('');
const lowered = (value: number): string => [...String(value)].map(digit => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? digit).join('');
const grouped = (value: number | string, by: string): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, by);
const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const minus = ['-', '−', '–', '- ', '—', '\\minus ', '﹣', '‑'];

const fractions: Answer = r => {
  const [a, b, k] = [r.int(1, 60), r.int(2, 40), r.int(2, 5)];
  const d = gcd(a, b);
  const [p, q] = [a / d, b / d];
  const sign = r.of(['', '', '-']);
  return [
    `${sign}${p}/${q}`, `${sign}\\frac{${p}}{${q}}`, `\\frac{${sign}${p}}{${q}}`, `\\frac{${p}}{${sign}${q}}`, `${sign}${p} / ${q}`, `${sign}${p}⁄${q}`, `${sign}${p}∕${q}`, `${sign}${p}÷${q}`, `${sign}${p}\\div ${q}`, `(${sign}${p})/(${q})`,
    `${sign}(${p}/${q})`, `${sign}\\dfrac ${p} ${q}`, `${sign}{${p} \\over ${q}}`, `${sign}${p}\\over${q}`, `${sign}${raised(p)}⁄${lowered(q)}`, `${sign}${raised(p)}/${lowered(q)}`, `${sign}\\frac{${p * k}}{${q * k}}`, `${sign}${p * k}/${q * k}`,
    `${sign}${p / q}`, `${sign}${(p / q).toFixed(2)}`, `${sign}${p}:${q}`, `${sign}${p} out of ${q}`, `${sign}${p} over ${q}`, `${sign}\\left(\\frac{${p}}{${q}}\\right)`, `\\left(${sign}\\frac{${p}}{${q}}\\right)`, `${sign}\\sfrac{${p}}{${q}}`,
    `${sign}\\nicefrac{${p}}{${q}}`, `${r.of(minus)}\\frac{${p}}{${q}}`, `${r.of(minus)}${p}/${q}`, `${sign}\\frac ${p}{${q}}`, `${sign}\\frac{${p}} {${q}}`, `${sign}\\frac{ ${p} }{ ${q} }`, `${sign}${p}/${q}.`, `$${sign}\\frac{${p}}{${q}}$`,
    `${sign}${Math.floor(p / q)}\\frac{${p % q}}{${q}}`, `${sign}${Math.floor(p / q)} ${p % q}/${q}`, `${sign}${Math.floor(p / q)}+${p % q}/${q}`, `${sign}${Math.floor(p / q)}~\\frac{${p % q}}{${q}}`, `${sign}${Math.floor(p / q)}\\,\\frac{${p % q}}{${q}}`,
    `${sign}${Math.floor(p / q)} and ${p % q}/${q}`, `${sign}${Math.floor(p / q)}-${p % q}/${q}`, `${sign}${Math.floor(p / q)} \\tfrac{${p % q}}{${q}}`, `${sign}${q}/${p}`, `${sign}${p}/${q + 1}`,
  ];
};

const nestedFractions: Answer = r => {
  const [a, b, c, d] = [r.int(1, 9), r.int(2, 9), r.int(1, 9), r.int(2, 9)];
  const [top, bottom] = [a * d, b * c];
  const g = gcd(top, bottom);
  return [
    `\\frac{\\frac{${a}}{${b}}}{\\frac{${c}}{${d}}}`, `\\cfrac{\\cfrac{${a}}{${b}}}{\\cfrac{${c}}{${d}}}`, `(${a}/${b})/(${c}/${d})`, `\\frac{${a}/${b}}{${c}/${d}}`, `\\frac{${a}}{${b}} \\div \\frac{${c}}{${d}}`, `\\frac{${a}}{${b}} / \\frac{${c}}{${d}}`,
    `\\frac{${a}}{${b}}\\cdot\\frac{${d}}{${c}}`, `\\frac{${a}}{${b}} \\times \\frac{${d}}{${c}}`, `\\frac{${a} \\cdot ${d}}{${b} \\cdot ${c}}`, `\\frac{${a}\\times${d}}{${b}\\times${c}}`, `${top}/${bottom}`, `\\frac{${top / g}}{${bottom / g}}`, `${top / g}/${bottom / g}`,
    `${top / bottom}`, `\\frac{${a}}{\\frac{${b * c}}{${d}}}`, `${a}/(${b}*${c}/${d})`, `\\frac{${a}}{${b}}:\\frac{${c}}{${d}}`, `1+\\frac{1}{1+\\frac{1}{${a}}}`, `\\frac{${2 * a + 1}}{${a + 1}}`, `(${2 * a + 1})/(${a + 1})`, `1 + \\cfrac{1}{1 + \\cfrac{1}{${a}}}`,
    `\\frac{${a}}{${b}}+\\frac{${c}}{${d}}`, `(${a * d}+${b * c})/${b * d}`, `${a * d + b * c}/${b * d}`, `\\frac{${a * d + b * c}}{${b * d}}`, `\\frac{\\sqrt{${a}}}{\\frac{1}{\\sqrt{${b}}}}`, `\\sqrt{${a * b}}`, `\\frac{x}{\\frac{${a}}{y}}`, `\\frac{xy}{${a}}`, `xy/${a}`,
  ];
};

const roots: Answer = r => {
  const [k, n, m] = [r.int(2, 7), r.of([2, 3, 5, 6, 7, 10]), r.int(1, 9)];
  return [
    `${k}\\sqrt{${n}}`, `${k}\\sqrt${n}`, `${k} \\sqrt{${n}}`, `${k}√${n}`, `${k}√(${n})`, `${k}√{${n}}`, `\\sqrt{${k * k * n}}`, `√${k * k * n}`, `sqrt(${k * k * n})`, `${k}*sqrt(${n})`, `${k}sqrt(${n})`, `${k}sqrt${n}`, `${k}\\cdot\\sqrt{${n}}`, `${k} * ${n}^(1/2)`,
    `${k}*${n}^{1/2}`, `${k}\\times ${n}^{\\frac{1}{2}}`, `${k}*${n}**0.5`, `${k * Math.sqrt(n)}`, `\\sqrt{${n}}\\cdot ${k}`, `\\sqrt{${n}} \\times ${k}`, `\\frac{${k * n}}{\\sqrt{${n}}}`, `${k * n}/sqrt(${n})`, `${m}+${k}\\sqrt{${n}}`, `${k}\\sqrt{${n}}+${m}`, `${m} + ${k}√${n}`,
    `${m}-${k}\\sqrt{${n}}`, `-${k}\\sqrt{${n}}+${m}`, `${m}\\pm${k}\\sqrt{${n}}`, `${m} \\pm ${k}√${n}`, `${m}+${k}\\sqrt{${n}}, ${m}-${k}\\sqrt{${n}}`, `\\frac{${m}+\\sqrt{${n}}}{${k}}`, `(${m}+sqrt(${n}))/${k}`, `\\frac{${m}}{${k}}+\\frac{\\sqrt{${n}}}{${k}}`, `(${m}+√${n})/${k}`,
    `\\sqrt[3]{${n}}`, `${n}^{1/3}`, `${n}^(1/3)`, `\\sqrt[3]{${k ** 3 * n}}`, `${k}\\sqrt[3]{${n}}`, `∛${n}`, `cbrt(${n})`, `\\root 3 \\of {${n}}`, `\\surd ${n}`, `${k}\\sqrt{${n}}\\text{ cm}`, `${k} sqrt ${n}`, `\\sqrt {${n}}`, `\\sqrt{ ${n} }`,
  ];
};

const lengths = ['cm', 'm', 'mm', 'km', 'inches', 'feet', 'miles', 'yards', 'units'] as const;
const measures: Answer = r => {
  const value = r.of([String(r.int(1, 300)), `${r.int(0, 90)}.${r.int(1, 99)}`, `${r.int(1, 9)}\\pi`, `\\frac{${r.int(1, 9)}}{${r.int(2, 9)}}`, `${r.int(1, 9)}\\sqrt{3}`]);
  const name = r.of(lengths);
  const power = r.of([2, 3]);
  const full = { cm: 'centimeter', m: 'meter', mm: 'millimeter', km: 'kilometer', inches: 'inche', feet: 'foot', miles: 'mile', yards: 'yard', units: 'unit' }[name];
  return [
    value, `${value} ${name}`, `${value}${name}`, `${value} ${name}^${power}`, `${value} ${name}^{${power}}`, `${value} ${name}${raised(power)}`, `${value}\\text{ ${name}}^${power}`, `${value}\\text{ ${name}}^{${power}}`, `${value} \\text{${name}}^${power}`,
    `${value}\\,\\mathrm{${name}}^{${power}}`, `${value} \\mathrm{~${name}}^{${power}}`, `${value}~${name}^${power}`, `${value} ${power === 2 ? 'square' : 'cubic'} ${full}s`, `${value} ${power === 2 ? 'sq' : 'cu'} ${name}`, `${value} ${power === 2 ? 'sq.' : 'cu.'} ${name}.`, `${value} ${full}s`, `${value} ${full}`,
    `${value} ${full}s squared`, `${value} ${name}**${power}`, `$${value}$ ${name}`, `$${value}\\text{ ${name}}$`, `${value}\\ \\text{${name}}^${power}`, `${value}{\\rm ${name}}^${power}`, `${value} \\operatorname{${name}}^{${power}}`, `${value} ${name}/s`, `${value} ${name}/s^2`, `${value} ${name}\\cdot s^{-1}`,
    `${value} ${name} s^-1`, `${value} ${full}s per second`, `${value} ${name}/hour`, `${value} ${full}s per hour`, `${value} ${name.toUpperCase()}`, `${value} kg·${name}²`, `${value}\\unit{${name}}`, `\\SI{${value}}{${name}}`, `\\qty{${value}}{${name}}`, `${name} ${value}`, `${value} (${name})`, `${value}, ${name}`, `about ${value} ${name}`, `≈ ${value} ${name}`, `\\approx ${value}\\text{ ${name}}`,
  ];
};

const sets: Answer = r => {
  const list = Array.from({ length: r.int(1, 4) }, () => r.of([String(r.int(-9, 20)), `${r.int(1, 9)}/${r.int(2, 9)}`, `\\frac{${r.int(1, 9)}}{${r.int(2, 9)}}`, `${r.int(0, 9)}.5`, 'x', '\\sqrt{2}']));
  const [comma, spaced] = [list.join(','), list.join(', ')];
  return [
    `\\{${comma}\\}`, `\\{${spaced}\\}`, `\\left\\{${comma}\\right\\}`, `\\left\\{ ${spaced} \\right\\}`, `{${comma}}`, `{${spaced}}`, `{ ${spaced} }`, `\\lbrace ${comma} \\rbrace`, spaced, comma, list.join(' and '), list.join(' or '), list.join(' \\text{ and } '), list.join(' \\text{ or } '), list.join('\\text{ and }'),
    list.join('; '), list.join(' '), list.join('、'), `${list.slice(0, -1).join(', ')}, and ${list.at(-1)}`, `(${spaced})`, `(${comma})`, `[${spaced}]`, `[${comma}]`, `\\left(${spaced}\\right)`, `\\left[${comma}\\right]`, `<${spaced}>`, `\\langle ${spaced} \\rangle`, `⟨${spaced}⟩`, `(${list.join(' , ')})`, `( ${spaced} )`,
    `\\{${list.toReversed().join(',')}\\}`, list.toReversed().join(', '), `(${list.toReversed().join(', ')})`, `\\{x: x=${spaced}\\}`, `x=${list.join(' \\text{ or } x=')}`, `x = ${list.join(', x = ')}`, `x=${list.join(' or ')}`, `x \\in \\{${comma}\\}`, `$${list.join('$, $')}$`, `$${list.join('$ and $')}$`, `\\boxed{${list.join('}, \\boxed{')}}`,
    `(${list.join(')(')})`, `(${comma}`, `${comma})`, `((${comma}))`, `(${comma},)`, `[${comma}]^T`, `\\{ ${spaced}, \\dots \\}`, `\\{\\}`, '\\emptyset', '∅',
  ];
};

const matrices: Answer = r => {
  const rows = Array.from({ length: r.int(1, 3) }, () => Array.from({ length: r.int(1, 3) }, () => r.of([String(r.int(-9, 9)), `\\frac{1}{${r.int(2, 9)}}`, 'a', `1/${r.int(2, 5)}`])));
  const latex = (cell: string, line: string): string => rows.map(row => row.join(cell)).join(line);
  const plain = rows.map(row => `[${row.join(', ')}]`).join(', ');
  return [
    ...(['pmatrix', 'bmatrix', 'Bmatrix', 'vmatrix', 'matrix', 'smallmatrix'] as const).map(kind => `\\begin{${kind}}${latex(r.of([' & ', '&']), r.of([' \\\\ ', '\\\\', '\\\\\n', ' \\cr ']))}\\end{${kind}}`),
    `\\begin{pmatrix} ${latex(' & ', ' \\\\ ')} \\end{pmatrix}`, `\\begin{pmatrix}${latex('&', '\\\\')}\\end{pmatrix}`, `\\left(\\begin{matrix}${latex('&', '\\\\')}\\end{matrix}\\right)`, `\\left[\\begin{array}{ccc}${latex('&', '\\\\')}\\end{array}\\right]`, `\\left(\\begin{array}{rrr} ${latex(' & ', ' \\\\ ')} \\end{array}\\right)`,
    `[${plain}]`, `[${rows.map(row => `[${row.join(',')}]`).join(',')}]`, `((${rows.map(row => row.join(', ')).join('), (')}))`, `\\begin{pmatrix}${latex('&', '\\\\')}\\\\\\end{pmatrix}`, `A = \\begin{pmatrix}${latex('&', '\\\\')}\\end{pmatrix}`, `\\begin{pmatrix}${latex('&', '\\\\')}\\end{pmatrix}^T`,
    rows.map(row => row.join(' ')).join('; '), rows.map(row => row.join(' ')).join('\n'), `(${rows.flat().join(', ')})`, `(${rows.flat().join(',')})`, `\\begin{bmatrix}${latex('&', '\\\\[4pt]')}\\end{bmatrix}`, `\\pmatrix{${latex('&', '\\cr')}}`, `\\begin{cases}${latex('&', '\\\\')}\\end{cases}`,
  ];
};

const relations: Answer = r => {
  const [x, a, b] = [r.of(['x', 'n', 't', 'k', '\\theta']), r.int(-9, 30), r.of([String(r.int(1, 40)), `\\frac{${r.int(1, 9)}}{${r.int(2, 9)}}`, '\\pi', 'y'])];
  const [le, lt, ge, gt] = [r.of(['\\le', '\\leq', '≤', '<=', '\\leqslant', '=<', '⩽']), r.of(['<', '\\lt', '&lt;', '＜']), r.of(['\\ge', '\\geq', '≥', '>=', '\\geqslant', '⩾']), r.of(['>', '\\gt', '＞'])];
  return [
    `${x} ${le} ${b}`, `${x}${le}${b}`.replace(/(\\[a-z]+)([a-z])/, '$1 $2'), `${b} ${ge} ${x}`, `${x} ${lt} ${b}`, `${b} ${gt} ${x}`, `${a} ${lt} ${x} ${le} ${b}`, `${a}${lt}${x}<${b}`, `${a} < ${x} < ${b}`, `${a}\\le ${x}\\le ${b}`, `${b} ${ge} ${x} ${gt} ${a}`, `(${a}, ${b}]`, `(${a},${b}]`, `(${a}, ${b})`, `[${a}, ${b}]`, `[${a},${b}]`,
    `\\left(${a}, ${b}\\right]`, `]${a}, ${b}]`, `${x} \\in (${a}, ${b}]`, `${x}\\in[${a},${b}]`, `${x} ∈ (${a}, ${b})`, `${x} ${gt} ${a} \\text{ and } ${x} ${le} ${b}`, `${x} > ${a} and ${x} < ${b}`, `${x} > ${a}, ${x} < ${b}`, `\\{${x} \\mid ${a} < ${x} \\le ${b}\\}`, `\\{${x} : ${a} < ${x} < ${b}\\}`, `\\{${x} | ${x} > ${a}\\}`, `${x} ${r.of(['\\ne', '\\neq', '≠', '!=', '<>', '=/='])} ${a}`,
    `${x} ≠ ${a}, ${b}`, `${x} = ${b}`, `${x}=${b}`, `${b}=${x}`, `${x} ${r.of(['\\approx', '≈', '~', '\\sim', '\\cong', '\\equiv', '\\propto'])} ${b}`, `y = ${a}${x} + ${b}`, `y=${b}+${a}${x}`, `y-${b}=${a}${x}`, `f(x) = x^2`, `f(x)=x^{2}`, 'y=x^2', `x^2+y^2=${a * a}`, `y^2+x^2=${a * a}`, `|x| < ${b}`, `|${x}-${a}| \\le ${b}`, `x : y = ${a} : ${b}`, `${a}:${b}`, `${a}\\colon ${b}`, `${a} to ${b}`,
  ];
};

const scientific: Answer = r => {
  const [mantissa, exponent] = [r.of([String(r.int(1, 9)), `${r.int(1, 9)}.${r.int(0, 99)}`, `-${r.int(1, 9)}.${r.int(1, 9)}`]), r.int(-9, 12)];
  const value = Number(`${mantissa}e${exponent}`);
  return [
    `${mantissa}e${exponent}`, `${mantissa}E${exponent}`, `${mantissa}e+${exponent}`, `${mantissa}e${String(exponent).padStart(2, '0')}`, `${mantissa} \\times 10^{${exponent}}`, `${mantissa}\\times10^{${exponent}}`, `${mantissa}\\times 10^${exponent}`, `${mantissa} × 10^${exponent}`, `${mantissa} × 10${raised(exponent)}`, `${mantissa}×10${raised(exponent)}`,
    `${mantissa}*10^${exponent}`, `${mantissa}*10^(${exponent})`, `${mantissa}*10**${exponent}`, `${mantissa} x 10^${exponent}`, `${mantissa}·10^${exponent}`, `${mantissa}\\cdot 10^{${exponent}}`, `${mantissa}⋅10^${exponent}`, `${mantissa}∙10^${exponent}`, `${mantissa}∗10^${exponent}`, `${mantissa} \\cdot {10}^{${exponent}}`, `${value}`, value.toFixed(12).replace(/\.?0+$/, ''),
    grouped(Math.round(value), ','), grouped(Math.round(value), ' '), grouped(Math.round(value), '\\,'), grouped(Math.round(value), '{,}'), `${Number(mantissa) * 10}e${exponent - 1}`, `${Number(mantissa) * 10}\\times 10^{${exponent - 1}}`, `10^${exponent}`, `10^{${exponent}}`, `10${raised(exponent)}`, `1e${exponent}`, `10**${exponent}`, `${mantissa}\\text{e}${exponent}`, `${mantissa}\\mathrm{E}${exponent}`, `${mantissa}e ${exponent}`,
    `${mantissa} e${exponent}`, `${mantissa}×10^${exponent} m`, `${mantissa} \\times 10^{${exponent}} \\text{ J}`, `\\frac{${mantissa}}{10^{${-exponent}}}`, `${mantissa}/10^${Math.abs(exponent)}`, `2^${Math.abs(exponent)}`, `${2 ** Math.abs(exponent)}`, `2^{${Math.abs(exponent)}}`,
  ];
};

const money: Answer = r => {
  const [whole, cents] = [r.int(1, 99_999), r.of(['00', '50', '05', '99', String(r.int(10, 99))])];
  const sum = `${whole}.${cents}`;
  return [
    `$${sum}`, `\\$${sum}`, `\\$ ${sum}`, `$ ${sum}`, `$${grouped(whole, ',')}.${cents}`, `\\$${grouped(whole, ',')}.${cents}`, `\\$${grouped(whole, '{,}')}.${cents}`, `\\$${grouped(whole, ',\\!')}.${cents}`, sum, `${grouped(whole, ',')}.${cents}`, String(whole), grouped(whole, ','), `${sum} dollars`, `${whole} dollars`, `${sum}$`, `${sum} \\$`,
    `${whole} dollars and ${cents} cents`, `$${whole}`, `\\$${whole}`, `US$${sum}`, `USD ${sum}`, `${sum} USD`, `€${sum}`, `${sum} €`, `£${sum}`, `₹${sum}`, `¥${whole}`, `${whole}元`, `${whole} 円`, `-$${sum}`, `$-${sum}`, `($${sum})`, `\\$${sum} \\text{ per hour}`, `$${sum}/hr`, `$${sum} each`, `$${whole}k`, `$${whole} million`, `\\$${whole} \\text{ million}`, `${whole}000000`, `${whole} million dollars`, `$${whole}.${cents}.`, `**$${sum}**`,
    `\\text{\\$}${sum}`, `\\text{\\$${sum}}`, `\\textdollar ${sum}`, `\\mathdollar${sum}`, `$$${sum}$$`, `${Number(sum) * 100} cents`, `${Number(sum) * 100}¢`, `${whole},${cents}`,
  ];
};

const times: Answer = r => {
  const [h, m, s] = [r.int(1, 12), r.int(0, 59), r.int(0, 59)];
  const mm = String(m).padStart(2, '0');
  return [
    `${h}:${mm}`, `${h}:${mm} PM`, `${h}:${mm} pm`, `${h}:${mm}pm`, `${h}:${mm} p.m.`, `${h}:${mm} P.M.`, `${h}:${mm}\\text{ PM}`, `${h}:${mm}\\text{ p.m.}`, `${h}{:}${mm}`, `${h}\\!:\\!${mm}`, `${h}:${mm}:${String(s).padStart(2, '0')}`, `${h} : ${mm}`, `${h + 12}:${mm}`, `0${h}:${mm}`.slice(-5), `${h}.${mm}`, `${h}h${mm}`, `${h} h ${m} min`, `${h} hours ${m} minutes`,
    `${h} hours and ${m} minutes`, `${h} hr ${m} min`, `${h * 60 + m} minutes`, `${h * 60 + m} min`, String(h * 60 + m), `${(h * 60 + m) * 60} seconds`, `${h + m / 60} hours`, `${h}\\frac{${m}}{60} hours`, `${h} o'clock`, `${h}`, `${h} PM`, `half past ${words[h]}`, `${h}：${mm}`, `${h}∶${mm}`, `${h}:${mm} AM`, `${m} minutes`, `${m} min ${s} s`, `${m}'${s}''`, `${m}m ${s}s`, `${h} days, ${m} hours`, `${h} weeks`, `${h * 7} days`, `2024-0${r.int(1, 9)}-${mm}`, `May ${h}, 20${mm}`, `${h}/${m}/2024`,
  ];
};

const angles: Answer = r => {
  const a = r.of([30, 45, 60, 90, 120, r.int(1, 360)]);
  const g = gcd(a, 180);
  return [
    `${a}°`, `${a}^\\circ`, `${a}^{\\circ}`, `${a} ^\\circ`, `${a}^ \\circ`, `${a}\\degree`, `${a} \\degree`, `${a} degrees`, `${a} degree`, `${a}\\text{ degrees}`, `${a}\\text{°}`, `${a}\\textdegree`, `${a}º`, `${a}˚`, `${a} °`, `${a}deg`, `${a} deg.`, String(a), `${a}.0`, `${a}^o`, `${a}^0`, `${a}^{o}`, `${a}^{\\text{o}}`, `${a}{}^\\circ`, `${a}^{∘}`, `${a}^∘`, `${a}∘`, `\\angle ABC = ${a}^\\circ`,
    `∠ABC = ${a}°`, `x=${a}^\\circ`, `${a}°C`, `${a}^\\circ C`, `${a}^{\\circ}\\text{C}`, `${a}\\,^{\\circ}\\mathrm{C}`, `${a} ℃`, `${a} degrees Celsius`, `${a}°F`, `-${a}°C`, `−${a}°C`, `${a}°30'`, `${a}^\\circ 30'`, `${a}.5°`, `\\frac{${a / g}\\pi}{${180 / g}}`, `${a / g}\\pi/${180 / g}`, `${a / g}π/${180 / g}`, `\\frac{${a / g}}{${180 / g}}\\pi`, `${a / g}*pi/${180 / g}`, `\\frac{${a / g} \\pi}{${180 / g}} \\text{ radians}`, `${a / g}\\pi/${180 / g} rad`, `${(a / 180) * Math.PI}`, `${a}^\\circ, ${a + 1}^\\circ`, `(${a}^\\circ, ${a}^\\circ)`,
  ];
};

const intervals: Answer = r => {
  const [a, b] = [r.of([String(r.int(-9, 9)), `-\\frac{1}{${r.int(2, 5)}}`, '-\\sqrt{2}', '\\pi']), r.of([String(r.int(10, 20)), '\\frac{21}{2}', '10.5'])];
  const oo = r.of(['\\infty', '+\\infty', '∞', '+∞', 'inf', 'infinity', 'oo', '\\infin', '\\text{infinity}', 'Infinity']);
  const cup = r.of(['\\cup', ' \\cup ', '∪', ' ∪ ', 'U', ' U ', ' \\cup\\ ', ' or ', ' and ', '\\bigcup', ' union ', '\\vee', ', ']);
  return [
    `(-\\infty, ${a})`, `(-\\infty,${a})`, `\\left(-\\infty, ${a}\\right)`, `(-∞, ${a})`, `(−∞, ${a})`, `(-${oo}, ${a})`, `(-${oo.replace('+', '')},${a})`, `]-\\infty, ${a}[`, `x < ${a}`, `(-\\infty, ${a}]`, `(${a}, \\infty)`, `(${a}, ${oo})`, `[${a}, ${oo})`, `[${a},${oo}]`, `\\left[${a}, \\infty\\right)`, `\\left[${a},\\infty\\right)`, `[ ${a} , \\infty )`, `[${a}; +\\infty)`, `x \\ge ${a}`,
    `(-\\infty, ${a})${cup.replace(/(p|e)$/, '$1 ')}(${b}, \\infty)`, `(-\\infty,${a})\\cup(${b},\\infty)`, `(-\\infty, ${a}) \\cup (${b}, \\infty)`, `(-∞,${a})∪(${b},∞)`, `(-∞, ${a}) ∪ (${b}, ∞)`, `\\left(-\\infty, ${a}\\right) \\cup \\left(${b}, \\infty\\right)`, `(-\\infty,${a}]\\cup[${b},+\\infty)`, `(-\\infty, ${a}) U (${b}, \\infty)`, `(${b}, \\infty) \\cup (-\\infty, ${a})`, `x < ${a} or x > ${b}`, `(-\\infty, \\infty)`, `(-∞, ∞)`, '\\mathbb{R}', 'ℝ', '(-inf, inf)',
    `\\mathbb{R} \\setminus \\{${a}\\}`, `\\mathbb{R} - \\{${a}\\}`, `(-\\infty, ${a}) \\cup (${a}, \\infty)`, `[${a}, ${b}]`, `[${a},${b}]`, `[${a}, ${b})`, `(${a}, ${b})`, `(${a};${b})`, `[${a},${b}] \\cup \\{${r.int(30, 40)}\\}`, `[${a}, ${b}) \\cap \\mathbb{Z}`, oo, `-${oo}`, '\\infty', '∞', 'infinity', '+\\infty', '-\\infty', '-∞',
  ];
};

const names = ['a red cube', 'the red cube', 'blue', 'North-East', 'U.S.A.', 'Dr. Who', "O'Neil", 'St. Louis', 'x-axis', 'isosceles', 'acute triangle', 'photosynthesis', 'H_2O', 'NaCl', 'Washington, D.C.', 'black and white', 'left or right', 'million dollar baby', 'second', 'the second one', 'yardstick', 'Monday', 'weekday', 'three cats', 'pi', 'e', 'i', 'sin', 'None of the above', 'I', 'infinite', 'inf', 'nan', 'Increasing', 'parallel', '5 apples', 'cannot be determined', 'no', 'stop sign', 'E', 'centimeter', 'Feet', 'minute hand', 'xylophone', 'aab'] as const;
const texts: Answer = r => {
  const name = r.of(names);
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return [
    name, capital, name.toUpperCase(), name.toLowerCase(), `${name}.`, `${capital}.`, `${name}!`, `${name},`, `${name}?`, `"${name}"`, `“${name}”`, `'${name}'`, `‘${name}’`, `\`${name}\``, `*${name}*`, `**${name}**`, `_${name}_`, `\\text{${name}}`, `\\text{ ${name} }`, `\\text{${capital}}`, `\\text{${name}.}`, `\\textbf{${name}}`, `\\mathrm{${name}}`, `\\textit{${name}}`, `\\emph{${name}}`, `$${name}$`, `$\\text{${name}}$`, `\\(${name}\\)`, ` ${name} `, `${name}\n`, `\n${name}`,
    name.replaceAll(' ', '  '), name.replaceAll(' ', ''), name.replaceAll(' ', '\\ '), name.replaceAll(' ', '~'), name.replaceAll(' ', '-'), name.replaceAll(' ', '_'), name.replaceAll('-', '–'), name.replaceAll("'", '’'), name.replaceAll('.', ''), name.replace(/^(?:a|the) /, ''), `the ${name}`, `It is ${name}.`, `(${name})`, `[${name}]`, `{${name}}`, `${name} (${r.int(1, 9)})`, `${name}; ${name}`, `${name}…`, `${name} \\\\`, `<b>${name}</b>`, `&quot;${name}&quot;`, `- ${name}`, `• ${name}`, `1. ${name}`, `${name}s`, [...name].reverse().join(''),
  ];
};

const choices: Answer = r => {
  const letter = r.of(['A', 'B', 'C', 'D', 'E', 'F']);
  const value = r.of([String(r.int(1, 99)), `\\frac{${r.int(1, 9)}}{${r.int(2, 9)}}`, `${r.int(1, 9)} cm`, 'red', '3:00', 'x+1', '$5', '20%', '5\\sqrt{2}']);
  return [
    letter, letter.toLowerCase(), `(${letter})`, `(${letter.toLowerCase()})`, `${letter}.`, `${letter})`, `${letter}:`, `[${letter}]`, `{${letter}}`, `<${letter}>`, `\\text{${letter}}`, `\\text{(${letter})}`, `\\textbf{(${letter})}`, `\\textbf{(${letter})} ${value}`, `\\textbf{(${letter}) } ${value}`, `\\textbf{(${letter})}\\ ${value}`, `\\mathrm{(${letter})}`, `\\mathbf{${letter}}`, `\\textbf{${letter}}`, `\\boxed{${letter}}`, `\\boxed{\\text{${letter}}}`,
    `\\boxed{\\textbf{(${letter})}}`, `(${letter}) ${value}`, `(${letter})${value}`, `(${letter}). ${value}`, `${letter}. ${value}`, `${letter}) ${value}`, `${letter}: ${value}`, `${letter} ${value}`, `${letter} - ${value}`, `${letter}, ${value}`, `${letter} (${value})`, `${value} (${letter})`, value, `Option ${letter}`, `option ${letter.toLowerCase()}`, `Choice ${letter}`, `The answer is ${letter}`, `Answer: ${letter}`, `**${letter}**`, `**${letter}.** ${value}`, `\\(${letter}\\)`, `$${letter}$`, `$\\textbf{(${letter})}$`, `\\fbox{${letter}}`, `\\circled{${letter}}`, `Ⓐ`, `Ａ`, `А`, `А`.toLowerCase(),
    `${letter}${letter}`, `${letter}, ${String.fromCharCode(letter.charCodeAt(0) + 1)}`, `${letter} and ${String.fromCharCode(letter.charCodeAt(0) + 1)}`, `${letter}${String.fromCharCode(letter.charCodeAt(0) + 1)}`, `${String.fromCharCode(letter.charCodeAt(0) + 1)}, ${letter}`, `(${letter}, ${String.fromCharCode(letter.charCodeAt(0) + 1)})`, `${letter}/${String.fromCharCode(letter.charCodeAt(0) + 1)}`, `\\text{${letter} and ${String.fromCharCode(letter.charCodeAt(0) + 1)}}`,
  ];
};

const numbers: Answer = r => {
  const n = r.of([r.int(0, 20), r.int(1000, 9_999_999), r.int(100, 999)]);
  const dot = r.int(1, 99);
  return [
    String(n), `${n}.0`, `${n}.`, `${n}.00`, `+${n}`, `-${n}`, ...minus.map(sign => `${sign}${n}`), grouped(n, ','), grouped(n, ', '), grouped(n, '{,}'), grouped(n, '\\,'), grouped(n, ',\\!'), grouped(n, ' '), grouped(n, '\u2009'), grouped(n, '_'), grouped(n, "'"), grouped(n, '.'), grouped(n, '，'), `\\num{${n}}`, `${n}.${dot}`, `${n},${dot}`, `${n}.${dot}0`, `${n}.${dot}%`, `${n}%`, `${n}\\%`, `${n} \\%`, `${n} percent`, `${n}\\text{ percent}`, `${n / 100}`,
    `${n}/100`, `\\frac{${n}}{100}`, `${n}\\text{%}`, `${n}﹪`, `${n}‰`, `-(${n})`, `(${n})`, `|${n}|`, `--${n}`, `${n}!`, `${n}-0`, `0${n}`, `00${n}`, `#${n}`, `No. ${n}`, `${n}th`, `${n}^\\text{th}`, `${n}^{th}`, words[n] ?? 'many', `${words[n] ?? 'many'} (${n})`, `${n} (${words[n] ?? 'many'})`, `~${n}`, `≈${n}`, `\\approx ${n}`, `>${n}`, `${n}+`, `${n}...`, `${n}\\ldots`, `${n}.${dot}\\overline{${dot}}`, `${n}.\\overline{3}`, `${n}.333...`, `${n}.(3)`, `${3 * n + 1}/3`, `${n}_{10}`, `${n}_10`, `${n}₁₀`,
    `${n.toString(2)}_2`, `${n.toString(2)}_{2}`, `0b${n.toString(2)}`, `0x${n.toString(16)}`, [...String(n)].map(digit => String.fromCodePoint(0xff10 + Number(digit))).join(''), [...String(n)].map(digit => String.fromCodePoint(0x1d7ce + Number(digit))).join(''), [...String(n)].map(digit => String.fromCodePoint(0x660 + Number(digit))).join(''), raised(n), `x^${n}`, `x${raised(n)}`, `\\text{${n}}`, `\\mathbf{${n}}`, `\\textbf{${n}}`, `**${n}**`, `\\boxed{${n}}`, `$${n}$`, `$$${n}$$`, `\\(${n}\\)`, `\\[${n}\\]`,
    `\\displaystyle ${n}`, `\\color{red}{${n}}`, `\\underline{${n}}`, `\\cancel{${n}}`, `\\phantom{0}${n}`, `${n}\\qquad`, `${n} \\quad \\text{(approximately)}`, `n = ${n}`, `N=${n}`, `ans = ${n}`, `f(2) = ${n}`, `${n} = x`, `${n}\\quad`, `\\,${n}`, `\\ ${n}`, `\\;${n}\\;`, `{${n}}`, `{{${n}}}`, `\u200b${n}`, `${n}\u00a0`, `\ufeff${n}`,
  ];
};

const formulas: Answer = r => {
  const [a, b, x, n] = [r.int(1, 9), r.int(1, 9), r.of(['x', 'n', 'a', 'y']), r.int(2, 5)];
  return [
    `${a}${x}^2+${b}${x}`, `${a}${x}^{2}+${b}${x}`, `${a}${x}²+${b}${x}`, `${a}*${x}^2+${b}*${x}`, `${x}(${a}${x}+${b})`, `${b}${x}+${a}${x}^2`, `${a} ${x}^2 + ${b} ${x}`, `${a}\\cdot ${x}^2+${b}\\cdot ${x}`, `${a}${x}**2+${b}${x}`, `${a}${x}·${x}+${b}${x}`, `(${x}+${a})(${x}-${b})`, `(${x}-${b})(${x}+${a})`, `${x}^2+${a - b}${x}-${a * b}`, `${x}^2 ${a - b < 0 ? '-' : '+'} ${Math.abs(a - b)}${x} - ${a * b}`, `(${x} + ${a})\\cdot(${x} - ${b})`, `\\left(${x}+${a}\\right)\\left(${x}-${b}\\right)`, `[${x}+${a}][${x}-${b}]`, `(${x}+${a})^2`, `${x}^2+${2 * a}${x}+${a * a}`,
    `(${x}+${a})^{2}`, `(${x}+${a})²`, `(${x}+${a})**2`, `\\frac{${x}+${a}}{${b}}`, `(${x}+${a})/${b}`, `${x}/${b}+${a}/${b}`, `\\frac{1}{${b}}(${x}+${a})`, `\\frac{${x}}{${b}}+\\frac{${a}}{${b}}`, `${a}^${x}`, `${a}^{${x}}`, `${a}^{${x}+1}`, `${a}*${a}^${x}`, `${x}^{-${n}}`, `\\frac{1}{${x}^${n}}`, `1/${x}^${n}`, `${x}^-${n}`, `\\sqrt{${x}}`, `${x}^{1/2}`, `${x}^{0.5}`, `${x}^(1/2)`, `√${x}`, `\\sqrt[${n}]{${x}}`, `|${x}|`, `\\sqrt{${x}^2}`, `${x}_1+${x}_2`, `${x}_{1}+${x}_{2}`, `${x}_2+${x}_1`, `\\ln ${x}`, `\\ln(${x})`, `ln(${x})`, `\\log_{2}{${x}}`, `log2(${x})`, `\\log_2 ${x}`,
    `e^{${x}}`, `e^${x}`, `\\exp(${x})`, `\\mathrm{e}^{${x}}`, `\\sin ${x}`, `\\sin(${x})`, `sin(${x})`, `\\sin^2 ${x}`, `\\sin^2(${x})`, `1-\\cos^2 ${x}`, `${n}!`, `${Array.from({ length: n }, (_, index) => index + 1).reduce((all, each) => all * each, 1)}`, `\\binom{${n + 2}}{2}`, `${((n + 2) * (n + 1)) / 2}`, `C(${n + 2},2)`, `{${n + 2} \\choose 2}`, `\\sum_{k=1}^{${n}} k`, `\\int_0^1 ${x} dx`, `\\lim_{x\\to 0} ${x}`, `${a}+${b}i`, `${b}i+${a}`, `${a} + ${b}i`, `${a}+${b}\\mathrm{i}`, `${a}+i${b}`, `${a}-(-${b})i`, `\\overline{${a}-${b}i}`, `${a}\\hat{i}+${b}\\hat{j}`, `${a}\\vec{i}+${b}\\vec{j}`, `${a}\\mathbf{i}+${b}\\mathbf{j}`, `\\begin{aligned}${x}&=${a}\\end{aligned}`,
    `${x} \\bmod ${a}`, `${a} \\pmod{${b}}`, `\\lfloor ${x} \\rfloor`, `⌊${x}⌋`, `${a}\\% \\text{ of } ${b}`, `${x}'=${a}`, `\\frac{dy}{dx}=${a}${x}`, `f'(${x})`, `${a}\\pi${x}`, `${a}${x}\\pi`, `${a}\\pi r^2`, `\\pi r^2 ${a}`, `2\\pi r`, `πr²`, `\\pi r^{2}`, `pi*r^2`, `pi r^2`, `\\alpha+\\beta`, `α+β`, `\\beta + \\alpha`, `\\Delta H`, `ΔH`, `\\Omega`, `Ω`, `\\mu`, `µ`, `μ`, `\\neg p \\wedge q`, `p \\to q`, `p → q`, `A \\cup B`, `A∪B`, `AUB`, `A \\cap B`, `\\overrightarrow{AB}`, `\\overline{AB}`, `AB`, `\\triangle ABC \\sim \\triangle DEF`, `△ABC`, `\\triangle ABC`,
  ];
};

const answers: readonly Answer[] = [fractions, nestedFractions, roots, measures, sets, matrices, relations, scientific, money, times, angles, intervals, texts, choices, numbers, formulas];

/** Pairs of ways to write the same answer, or one close to it, that depend on the seed alone. */
export function makeExamPairs(seed: number, count: number): readonly Pair[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const written = random.of(answers)(random);
    return { given: random.of(written), truth: random.of(written) };
  });
}
