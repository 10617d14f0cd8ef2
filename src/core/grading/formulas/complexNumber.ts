/** A complex number in double precision. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

/** The principal value. */
export function logarithm(a: Complex): Complex {
  // + 0: a negative number has the angle +π, however its imaginary zero came about.
  return { re: Math.log(Math.hypot(a.re, a.im)), im: Math.atan2(a.im + 0, a.re) };
}

/** The principal value of a power. */
export function raise(a: Complex, exponent: number): Complex {
  if (a.re === 0 && a.im === 0) return exponent > 0 ? a : { re: NaN, im: NaN };
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 64) {
    let result: Complex = { re: 1, im: 0 };
    for (let n = 0; n < Math.abs(exponent); n++) result = multiply(result, a);
    if (exponent >= 0) return result;
    const size = result.re * result.re + result.im * result.im;
    return { re: result.re / size, im: -result.im / size };
  }
  if (a.im === 0 && a.re > 0) return { re: a.re ** exponent, im: 0 };
  const { re, im } = logarithm(a);
  const size = Math.exp(re * exponent);
  return { re: size * Math.cos(im * exponent), im: size * Math.sin(im * exponent) };
}

/** The factorial of a number that need not be whole. */
export function factorialOf(value: number): number {
  return gamma({ re: value + 1, im: 0 }).re;
}

const lanczos = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];

/** Lanczos' approximation, good to about 15 digits. */
export function gamma(z: Complex): Complex {
  if (z.re < 0.5) {
    const sine = { re: Math.sin(Math.PI * z.re) * Math.cosh(Math.PI * z.im), im: Math.cos(Math.PI * z.re) * Math.sinh(Math.PI * z.im) };
    return multiply({ re: Math.PI, im: 0 }, raise(multiply(sine, gamma({ re: 1 - z.re, im: -z.im })), -1));
  }
  const x = { re: z.re - 1, im: z.im };
  let sum: Complex = { re: 0.99999999999980993, im: 0 };
  lanczos.forEach((weight, index) => {
    const inverted = raise({ re: x.re + index + 1, im: x.im }, -1);
    sum = { re: sum.re + weight * inverted.re, im: sum.im + weight * inverted.im };
  });
  const t = { re: x.re + lanczos.length - 0.5, im: x.im };
  const logT = logarithm(t);
  const exponent = multiply(logT, { re: x.re + 0.5, im: x.im });
  const size = Math.sqrt(2 * Math.PI) * Math.exp(exponent.re - t.re);
  const angle = exponent.im - t.im;
  return multiply(sum, { re: size * Math.cos(angle), im: size * Math.sin(angle) });
}
