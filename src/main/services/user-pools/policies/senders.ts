import type { EmailConfigurationType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

/** Regions whose SES every pool may use, beside its own. */
const SES_REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2'];
const SES_IDENTITY = /^arn:aws[\w-]*:ses:([\w-]+):([0-9]{12}):identity\/(.+)$/;

export interface SenderSituation {
  readonly account: string;
  readonly region: string;
  /** What the account may send from; an empty list is one that nobody keeps. */
  readonly verified: readonly string[];
}

/** Whether a pool may send e-mail as it asks to; reference/user-pools 2.11 and 2.15. */
export function senderProblem(
  email: EmailConfigurationType | undefined,
  { account, region, verified }: SenderSituation,
): Refusal | undefined {
  const invalid = (message: string, decided = message): Refusal =>
    refusal('InvalidParameterException', message, decided);
  if (!email?.SourceArn) return undefined;
  const parts = SES_IDENTITY.exec(email.SourceArn);
  // guessed wording: no source found
  if (!parts) return invalid('Provided SourceArn is not the ARN of an SES identity.');
  const [, sesRegion, owner, identity] = parts as unknown as [string, string, string, string];
  if (sesRegion !== region && !SES_REGIONS.includes(sesRegion)) {
    return invalid(`Provided SourceArn must be in one of the following SES regions: ${SES_REGIONS.join(', ')}.`);
  }
  if (owner !== account) {
    return invalid('Cognito is not allowed to use your email identity', 'The identity is another account’s.');
  }
  if (verified.length > 0 && !verified.some((sender) => covers(sender, identity))) {
    return invalid('Cognito is not allowed to use your email identity', 'The identity is not in the list of senders.');
  }
  if (email.From !== undefined && !covers(identity, addressOf(email.From))) {
    return invalid('Provided From email address is invalid', 'From is not an address of the identity in SourceArn.');
  }
  return undefined;
}

/** The address in `Name <user@example.com>`, or what stands alone. */
function addressOf(from: string): string {
  return /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim();
}

/** An identity covers itself; a domain also its addresses and subdomains. */
function covers(identity: string, other: string): boolean {
  const [one, two] = [identity.toLowerCase(), other.toLowerCase()];
  if (one === two) return true;
  if (one.includes('@')) return false;
  const domain = two.slice(two.lastIndexOf('@') + 1);
  return domain === one || domain.endsWith(`.${one}`);
}
