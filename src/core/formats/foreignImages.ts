import { type ForeignImage, isObject, type JsonObject, own } from './importedRow';
import { parseLiteral } from './parseForeignJson';

const inside = ['image', 'image_url', 'url', 'path', 'src', 'file_name', 'filename', 'image_path', 'img_path'];
/** Base64 of the first bytes of JPEG, PNG, GIF, WebP and BMP. */
const base64Start = /^(?:\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|Qk[0-9A-Za-z+/])/;

/**
 * Images in the shapes in which datasets hold them: a path, a `file://` or `data:` URL, base64, bytes, Hugging Face's `{bytes, path}`,
 * chat parts, and lists of them (also as a text of JSON or Python).
 */
export function imagesOf(value: unknown): readonly ForeignImage[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return imagesOfText(value);
  if (value instanceof Uint8Array) return [{ bytes: value }];
  if (Array.isArray(value)) return value.flatMap(imagesOf);
  return isObject(value) ? imagesOfObject(value) : [];
}

function imagesOfText(text: string): readonly ForeignImage[] {
  const data = /^data:image\/[\w.+-]+;base64,/.exec(text);
  if (data) return [{ base64: text.slice(data[0].length) }];
  if (text.length > 100 && base64Start.test(text) && /^[A-Za-z0-9+/\s]+=*\s*$/.test(text)) return [{ base64: text }];
  const literal = parseLiteral(text);
  if (literal !== undefined) return imagesOf(literal);
  return [text.startsWith('file://') ? fromFileUrl(text) : text];
}

function imagesOfObject(record: JsonObject): readonly ForeignImage[] {
  const bytes = own(record, 'bytes');
  const path = own(record, 'path');
  const name = typeof path === 'string' ? { name: path } : {};
  if (bytes instanceof Uint8Array) return [{ bytes, ...name }];
  if (typeof bytes === 'string' && bytes !== '') return [{ base64: bytes, ...name }];
  for (const key of inside) {
    const found = own(record, key);
    if (found !== undefined) return imagesOf(found);
  }
  return [];
}

function fromFileUrl(url: string): string {
  const path = url.slice('file://'.length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a name with a bare % in it
  }
}
