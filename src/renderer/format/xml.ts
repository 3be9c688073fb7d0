/** A document to look at: indented, comments and all. What it says is unchanged; its signature would not survive. */
export function indentedXml(text: string): string {
  const document = new DOMParser().parseFromString(text, 'text/xml');
  if (document.querySelector('parsererror')) return text;
  return [...document.childNodes].map((node) => indented(node, 0)).join('\n');
}

function indented(node: Node, depth: number): string {
  const margin = '  '.repeat(depth);
  if (!(node instanceof Element)) return margin + new XMLSerializer().serializeToString(node).trim();
  const children = [...node.childNodes].filter(
    (child) => child.nodeType !== Node.TEXT_NODE || child.textContent?.trim() !== '',
  );
  const start = `${margin}<${node.tagName}${attributesOf(node)}`;
  if (children.length === 0) return `${start}/>`;
  const hasElements = children.some((child) => child instanceof Element);
  if (!hasElements) {
    const inside = children.map((child) => new XMLSerializer().serializeToString(child)).join('');
    return `${start}>${inside}</${node.tagName}>`;
  }
  return [`${start}>`, ...children.map((child) => indented(child, depth + 1)), `${margin}</${node.tagName}>`].join(
    '\n',
  );
}

const attributesOf = (element: Element): string =>
  [...element.attributes].map(({ name, value }) => ` ${name}="${escaped(value)}"`).join('');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
