const plain = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const wrapped = /^(?:np|numpy|torch|jnp)?\.?(?:float\d*|int\d*|uint\d*|tensor|longdouble)\((.*?)(?:, (?:dtype|device|grad_fn)=.*)?\)$/;

/**
 * A number as Python prints it: `0.1`, `1e-06`, `np.float64(0.1)`, `tensor(0.1, device='cuda:0')`, `'0.0123'`, `nan`, `-inf`, YAML's `.nan`.
 * NaN and the infinities come back as such; undefined for what is no number.
 */
export function pythonNumber(text: string): number | undefined {
  let rest = text.trim();
  if (rest.length > 400) return undefined;
  for (let depth = 0; depth < 3; depth++) {
    const inner = wrapped.exec(rest)?.[1] ?? /^(['"])(.*)\1$/.exec(rest)?.[2];
    if (inner === undefined) break;
    rest = inner.trim();
  }
  if (plain.test(rest)) return Number(rest.replaceAll('_', ''));
  const special = /^([+-]?)\.?(nan|inf|infinity)$/i.exec(rest);
  if (!special) return undefined;
  return /^nan$/i.test(special[2] ?? '') ? Number.NaN : special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
