import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

describe('panels', () => {
  it('are all restored after the window was reloaded', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => readFileSync(path.join('src', file), 'utf8')).join('\n');
    const named = (pattern: RegExp): readonly string[] => [...new Set([...sources.matchAll(pattern)].map(match => match[1] ?? ''))].sort();
    const restored = named(/(?:registerWebviewPanelSerializer|restored)\((\w+PanelType|panelType)\b/g);
    assert.ok(restored.length > 5);
    assert.deepEqual(named(/createWebviewPanel\(([^,]+),/g), restored);
  });
});
