import type {
  CreatePlatformApplicationInput,
  CreatePlatformApplicationResponse,
  DeletePlatformApplicationInput,
  GetPlatformApplicationAttributesInput,
  GetPlatformApplicationAttributesResponse,
  ListPlatformApplicationsInput,
  ListPlatformApplicationsResponse,
  SetPlatformApplicationAttributesInput,
} from '../../../shared/aws/sns.ts';
import type { PlatformApplicationRecord } from '../../store/repositories/platform-endpoints.ts';
import { family, type Call } from '../family.ts';
import type { Services } from '../services.ts';
import { applicationArn, invalid, missing, PLATFORMS } from './arns.ts';
import { page } from './pages.ts';

type Needs = Pick<Services, 'platformEndpoints' | 'store'>;

const ofArn = (input: { readonly PlatformApplicationArn: string }): string[] => [input.PlatformApplicationArn];

export const platformApplications = family<'sns', Needs>('sns', 'platform-applications', {
  CreatePlatformApplication: { run: createPlatformApplication },
  DeletePlatformApplication: { resources: ofArn, run: deletePlatformApplication },
  GetPlatformApplicationAttributes: { resources: ofArn, run: getPlatformApplicationAttributes },
  ListPlatformApplications: { run: listPlatformApplications },
  SetPlatformApplicationAttributes: { resources: ofArn, run: setPlatformApplicationAttributes },
});

const ATTRIBUTES = new Set([
  'AppleCertificateExpiryDate',
  'ApplePlatformBundleID',
  'ApplePlatformTeamID',
  'AuthenticationMethod',
  'Enabled',
  'EventDeliveryFailure',
  'EventEndpointCreated',
  'EventEndpointDeleted',
  'EventEndpointUpdated',
  'FailureFeedbackRoleArn',
  'PlatformCredential',
  'PlatformPrincipal',
  'SuccessFeedbackRoleArn',
  'SuccessFeedbackSampleRate',
]);
/** Never shown again, and the bench has no use for them. */
const SECRETS = new Set(['PlatformCredential', 'PlatformPrincipal']);

function createPlatformApplication(
  input: CreatePlatformApplicationInput,
  call: Call,
  { platformEndpoints, store }: Needs,
): CreatePlatformApplicationResponse {
  if (!/^[\w.-]{1,256}$/.test(input.Name)) {
    throw invalid(
      call,
      'PS-APP-1',
      'a name is 1 to 256 letters, digits, underscores, hyphens and periods',
      `${input.Name} Reason: must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, hyphens, and periods and be between 1 and 256 characters long`,
    );
  }
  if (!PLATFORMS.some((platform) => platform === input.Platform)) {
    throw invalid(
      call,
      'PS-APP-2',
      'Cognito Sync pushes to ADM, APNS, APNS_SANDBOX and GCM alone',
      `Platform Reason: ${input.Platform} is not supported`,
    );
  }
  const attributes = readAttributes(call, input.Attributes);
  const arn = applicationArn(call.region, call.account, input.Platform, input.Name);
  return store.write(() => {
    const known = platformEndpoints.application(call.account, arn);
    platformEndpoints.putApplication({
      account: call.account,
      arn,
      attributes: { Enabled: 'true', ...known?.attributes, ...attributes },
      createdAt: known?.createdAt ?? call.now.getTime(),
    });
    call.why.choose(
      'PS-APP-3',
      known ? 'the application exists, and takes the attributes' : 'a new platform application',
      { arn },
    );
    return { PlatformApplicationArn: arn };
  });
}

function deletePlatformApplication(
  { PlatformApplicationArn: arn }: DeletePlatformApplicationInput,
  call: Call,
  { platformEndpoints, store }: Needs,
): void {
  store.write(() => platformEndpoints.removeApplication(call.account, arn));
  call.why.pass('PS-APP-5', 'the application and its endpoints are gone', { arn });
}

function getPlatformApplicationAttributes(
  input: GetPlatformApplicationAttributesInput,
  call: Call,
  services: Needs,
): GetPlatformApplicationAttributesResponse {
  return { Attributes: { ...requireApplication(call, services, input.PlatformApplicationArn).attributes } };
}

function setPlatformApplicationAttributes(
  input: SetPlatformApplicationAttributesInput,
  call: Call,
  services: Needs,
): void {
  const attributes = readAttributes(call, input.Attributes);
  services.store.write(() => {
    const application = requireApplication(call, services, input.PlatformApplicationArn);
    services.platformEndpoints.putApplication({
      ...application,
      attributes: { ...application.attributes, ...attributes },
    });
  });
}

function listPlatformApplications(
  input: ListPlatformApplicationsInput,
  call: Call,
  { platformEndpoints }: Needs,
): ListPlatformApplicationsResponse {
  const { items, next } = page(call, 'ListPlatformApplications', input.NextToken, (after, limit) =>
    platformEndpoints.applications(call.account, after, limit),
  );
  return {
    PlatformApplications: items.map(({ arn, attributes }) => ({
      PlatformApplicationArn: arn,
      Attributes: { ...attributes },
    })),
    ...next,
  };
}

export function requireApplication(
  call: Call,
  { platformEndpoints }: Pick<Services, 'platformEndpoints'>,
  arn: string,
): PlatformApplicationRecord {
  const application = platformEndpoints.application(call.account, arn);
  if (!application) throw missing(call, 'PlatformApplication', arn);
  return application;
}

/** What SNS keeps of the attributes sent. The credentials are of no use here: nothing leaves the bench. */
function readAttributes(call: Call, sent: { readonly [name: string]: string }): { [name: string]: string } {
  const unknown = Object.keys(sent).find((name) => !ATTRIBUTES.has(name) && !name.startsWith('ApplePlatform'));
  if (unknown !== undefined) {
    throw invalid(
      call,
      'PS-APP-4',
      'SNS has no such attribute',
      `Attributes Reason: Invalid attribute name: ${unknown.slice(0, 100)}`,
    );
  }
  if (sent['Enabled'] !== undefined && !/^(true|false)$/i.test(sent['Enabled'])) {
    throw invalid(
      call,
      'PS-APP-4',
      'Enabled is true or false',
      'Attributes Reason: Invalid value for attribute: Enabled: must be true or false',
    );
  }
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([name]) => !SECRETS.has(name))
      .map(([name, value]) => [name, name === 'Enabled' ? value.toLowerCase() : value]),
  );
}
