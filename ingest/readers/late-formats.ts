/** By what formats are known whose readers bring large libraries: these are loaded when the first such file comes. */

export const HTML = {
  name: 'html',
  extensions: ['html', 'htm', 'xhtml'],
  recognises: (text: string): boolean =>
    /^\s*(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype html|html[\s>])/i.test(text.slice(0, 4000)),
}

export const MARKDOWN = { name: 'markdown', extensions: ['md', 'markdown', 'mdown', 'mkd'] }

export const YAML = { name: 'yaml', extensions: ['yaml', 'yml'] }

export const CSV = { name: 'csv', extensions: ['csv', 'tsv', 'tab'], recognises: (): boolean => false }
