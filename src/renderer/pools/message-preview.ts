/** What a person would read: the placeholders filled in, and of HTML its text. */
export function previewOf(template: string, values: { readonly code: string; readonly username: string }): string {
  const filled = template
    .replaceAll('{####}', values.code)
    .replaceAll('{username}', values.username)
    .replaceAll(/\{##(.+?)##\}/g, '$1');
  return new DOMParser().parseFromString(filled.replaceAll(/<br\s*\/?>|<\/p>/gi, '$&\n'), 'text/html').body.textContent;
}

/** What AWS would refuse the template for; shown before it is asked. */
export function problemOf(template: string, needs: 'code' | 'link' | 'code and name'): string | undefined {
  if (needs === 'link')
    return /\{##.+?##\}/.test(template) ? undefined : 'The text must hold {##the words of the link##}.';
  if (!template.includes('{####}')) return 'The text must hold {####}, the place of the code.';
  if (needs === 'code and name' && !template.includes('{username}')) return 'The text must hold {username}.';
  return undefined;
}
