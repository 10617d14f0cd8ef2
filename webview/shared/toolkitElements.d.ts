import type { HTMLAttributes } from 'preact';

interface ToolkitAttributes extends HTMLAttributes<HTMLElement> {
  value?: string;
  placeholder?: string;
  appearance?: 'primary' | 'secondary' | 'icon';
  disabled?: boolean;
  checked?: boolean;
  readonly?: boolean;
  rows?: number;
  cols?: number;
  resize?: 'none' | 'both' | 'horizontal' | 'vertical';
  position?: 'above' | 'below';
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ToolkitAttributes;
      'vscode-checkbox': ToolkitAttributes;
      'vscode-dropdown': ToolkitAttributes;
      'vscode-option': ToolkitAttributes & { selected?: boolean };
      'vscode-progress-ring': ToolkitAttributes;
      'vscode-text-area': ToolkitAttributes;
      'vscode-text-field': ToolkitAttributes;
    }
  }
}
