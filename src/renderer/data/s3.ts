import { signedHeaders } from './aws.ts';
import { BenchCallError } from './call.ts';

interface Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * A real call of S3, as the developer of the account that the page looks at. Gives the answer's text, which is XML
 * for everything but an object.
 * @throws BenchCallError with S3's code and message
 */
export async function s3({ method, bucket = '', key, query = {}, body }: Request): Promise<string> {
  const place = [bucket, ...(key === undefined ? [] : key.split('/'))].map(encodeURIComponent).join('/');
  const question = new URLSearchParams(query).toString();
  let response: Response;
  try {
    response = await fetch(`/${place}${question && `?${question}`}`, {
      method,
      headers: { ...signedHeaders('s3'), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    throw new BenchCallError('NoAnswer', 'The bench does not answer.', 0);
  }
  const text = await response.text();
  if (response.ok) return text;
  const error = parsed(text);
  throw new BenchCallError(
    error.querySelector('Code')?.textContent ?? `Status${response.status}`,
    error.querySelector('Message')?.textContent ?? `The bench answered ${response.status}.`,
    response.status,
  );
}

/** The texts of these elements, for each `item` of the answer. */
export function itemsOf(xml: string, item: string, elements: readonly string[]): Readonly<Record<string, string>>[] {
  return [...parsed(xml).querySelectorAll(item)].map((found) =>
    Object.fromEntries(elements.map((name) => [name, found.querySelector(name)?.textContent ?? ''])),
  );
}

const parsed = (xml: string): Document => new DOMParser().parseFromString(xml, 'text/xml');
