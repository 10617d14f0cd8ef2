import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page of a panel: nothing runs but our bundle, nothing loads but from `localResourceRoots`, nothing leaves. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri, panel: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource} data: blob:`,
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'unsafe-inline'`, // element styles of the chart library and the toolkit
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${asset('codicon.css')}">
  <link rel="stylesheet" href="${asset(`${panel}.css`)}">
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" src="${asset('toolkit.js')}"></script>
  <script nonce="${nonce}" src="${asset(`${panel}.js`)}"></script>
</body>
</html>`;
}
