import * as path from 'node:path';
import type * as ts from 'typescript';

// node_modules/pebr-typescript-plugin of the extension, loaded by the editor's TypeScript server.

/** Declares the module `pebr`; shipped with the extension. */
const declarations = path.join(__dirname, '..', '..', 'media', 'pebr.d.ts');

/**
 * Makes `import … from 'pebr'` known in every TypeScript and JavaScript file, with or without a tsconfig, without a file in the user's folder.
 * Where something else resolves the name (a package, a `pebr.d.ts` of the project), that counts.
 */
export function init({ typescript }: { readonly typescript: typeof ts }): ts.server.PluginModule {
  return {
    create({ languageService, languageServiceHost: host }) {
      const resolve = host.resolveModuleNameLiterals?.bind(host);
      if (!resolve) return languageService;
      const resolved = {
        resolvedFileName: declarations.split(path.sep).join('/'), extension: typescript.Extension.Dts, isExternalLibraryImport: true,
      };
      host.resolveModuleNameLiterals = (literals, containingFile, ...rest) => {
        const results = resolve(literals, containingFile, ...rest);
        if (!literals.some(literal => literal.text === 'pebr') || declaresPebr(host)) return results;
        return results.map((result, index) => (literals[index]?.text === 'pebr' && !result.resolvedModule ? { resolvedModule: resolved } : result));
      };
      return languageService;
    },
  };
}

function declaresPebr(host: ts.LanguageServiceHost): boolean {
  return host.getScriptFileNames().some(file => file !== declarations && path.posix.basename(file) === 'pebr.d.ts');
}
