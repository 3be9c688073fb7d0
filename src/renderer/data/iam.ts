import type { Operations as Iam } from '../../shared/aws/iam.ts';
import { signedHeaders } from './aws.ts';
import { BenchCallError } from './call.ts';

type Input<Operation extends keyof Iam> = Iam[Operation] extends { input: infer Shape } ? Shape : never;

const VERSION = '2010-05-08';

/**
 * A real call of IAM, which speaks the query protocol, as the developer of the account that the page looks at.
 * Gives the elements of the answer's result by name; most calls answer with none.
 * @throws BenchCallError with IAM's code and message
 */
export async function iam<Operation extends keyof Iam>(
  operation: Operation,
  input: Input<Operation>,
): Promise<{ text(element: string): string | undefined }> {
  const form = new URLSearchParams({ Action: operation, Version: VERSION, ...flattened(input as object) });
  let response: Response;
  try {
    response = await fetch('/', {
      method: 'POST',
      headers: { ...signedHeaders('iam'), 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
  } catch {
    throw new BenchCallError('NoAnswer', 'The bench does not answer.', 0);
  }
  const answer = new DOMParser().parseFromString(await response.text(), 'text/xml');
  const text = (element: string): string | undefined => answer.querySelector(element)?.textContent ?? undefined;
  if (!response.ok) {
    throw new BenchCallError(
      text('Error > Code') ?? `Status${response.status}`,
      text('Error > Message') ?? `The bench answered ${response.status}.`,
      response.status,
    );
  }
  return { text };
}

type Member = string | number | boolean | object | null | undefined;

/** `Tags.member.1.Key`, as IAM wants structures and lists. */
function flattened(input: object, prefix = ''): Record<string, string> {
  const form: Record<string, string> = {};
  const entries: [string, Member][] = Array.isArray(input)
    ? (input as Member[]).map((item, index) => [`member.${index + 1}`, item])
    : Object.entries(input as Record<string, Member>);
  for (const [name, value] of entries) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') Object.assign(form, flattened(value, `${prefix}${name}.`));
    else form[prefix + name] = String(value);
  }
  return form;
}
