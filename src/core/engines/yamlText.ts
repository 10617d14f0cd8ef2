/** What a configuration is made of; `undefined` leaves the key out. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | { readonly [name: string]: ConfigValue | undefined };

/** YAML that every parser reads alike: texts quoted as in JSON, numbers with a dot where they have an exponent (`1e-6` would be a text to YAML 1.1). */
export function yamlText(value: { readonly [name: string]: ConfigValue | undefined }, indent = ''): string {
  return Object.entries(value).map(([name, entry]) => (entry === undefined ? '' : entryText(name, entry, indent))).join('');
}

function entryText(name: string, entry: ConfigValue, indent: string): string {
  if (typeof entry === 'object' && entry !== null && !isList(entry)) {
    return Object.keys(entry).length === 0 ? `${indent}${name}: {}\n` : `${indent}${name}:\n${yamlText(entry, `${indent}  `)}`;
  }
  return `${indent}${name}: ${inlineText(entry)}\n`;
}

/** A value in one line, as YAML and Hydra's command line read it. */
export function inlineText(entry: ConfigValue): string {
  if (typeof entry === 'number') return numberText(entry);
  if (typeof entry === 'string') return JSON.stringify(entry);
  if (isList(entry)) return `[${entry.map(inlineText).join(', ')}]`;
  if (typeof entry === 'object' && entry !== null) return `{${Object.entries(entry).map(([name, value]) => `${name}: ${inlineText(value ?? null)}`).join(', ')}}`;
  return String(entry);
}

function numberText(value: number): string {
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}

function isList(value: ConfigValue): value is readonly ConfigValue[] {
  return Array.isArray(value);
}
