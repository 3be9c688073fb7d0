import { createHash } from 'node:crypto';
import type {
  AddPermissionRequest,
  AddPermissionResponse,
  CreateFunctionRequest,
  DeleteFunctionRequest,
  DeleteFunctionResponse,
  FunctionCode,
  FunctionConfiguration,
  GetFunctionRequest,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  UpdateFunctionCodeRequest,
} from '../../../shared/aws/lambda.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import { unzip } from '../../kernel/zip.ts';
import type { FunctionRecord, FunctionSettings, PermissionStatement } from '../../store/repositories/functions.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { functionResource, requireAddress, requireFunction } from './lookup.ts';
import { functionConfiguration, MEMORY, TIMEOUT } from './wire.ts';

type Needs = Pick<Services, 'functions' | 'lambda' | 'store'>;

export const functions = family<'lambda', Needs>('lambda', 'functions', {
  CreateFunction: { resources: functionResource, run: createFunction },
  GetFunction: { resources: functionResource, run: getFunction },
  ListFunctions: { run: listFunctions },
  UpdateFunctionCode: { resources: functionResource, run: updateFunctionCode },
  DeleteFunction: { resources: functionResource, run: deleteFunction },
  AddPermission: { resources: functionResource, run: addPermission },
});

const PAGE = 50;

async function createFunction(
  input: CreateFunctionRequest,
  call: Call,
  services: Needs,
): Promise<FunctionConfiguration> {
  const { lambda } = services;
  const address = requireAddress(call, input.FunctionName, services);
  if (lambda.find(address)) {
    throw call.why.refuse(
      'FN-LAMBDA-5',
      'There is a function of this name.',
      fault('ResourceConflictException', `Function already exist: ${address.name}`),
      { function: address.name },
    );
  }
  requireNode(call, input);
  const archive = requireArchive(call, input.Code);
  const settings: FunctionSettings = {
    Runtime: input.Runtime!,
    Role: input.Role,
    Handler: input.Handler!,
    Timeout: input.Timeout ?? TIMEOUT,
    MemorySize: input.MemorySize ?? MEMORY,
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    ...(input.Architectures === undefined ? {} : { Architectures: input.Architectures }),
    ...(input.Environment?.Variables ? { Variables: input.Environment.Variables } : {}),
    ...(input.Tags ? { Tags: input.Tags } : {}),
    ...archiveFacts(archive),
  };
  const { account, region, name } = address;
  const record = await lambda.register({ account, region, name, code: { kind: 'zip', archive }, settings }, false);
  call.why.choose('FN-LAMBDA-1', 'The function is stored; it is loaded when it is first run.', { function: name });
  return functionConfiguration(record);
}

/** What the bench cannot run is refused by name, never kept in silence. */
function requireNode(call: Call, input: CreateFunctionRequest): void {
  const refuse = (problem: string): Error =>
    call.why.refuse('FN-LAMBDA-3', problem, fault('InvalidParameterValueException', problem));
  if (input.PackageType === 'Image' || input.Code.ImageUri !== undefined) {
    throw refuse(
      'Poolbench runs no container images; register the image’s endpoint with POST /_bench/functions instead.',
    );
  }
  if (input.Runtime === undefined) throw refuse('Runtime is mandatory for functions created with deployment packages.');
  if (input.Handler === undefined) throw refuse('Handler is mandatory for functions created with deployment packages.');
  if (!input.Runtime.startsWith('nodejs')) {
    throw refuse(
      `Poolbench runs functions of Node.js, not of ${input.Runtime}; run it elsewhere and register its endpoint with POST /_bench/functions instead.`,
    );
  }
  if (input.Layers?.length) throw refuse('Poolbench has no layers; put their modules into the archive.');
}

function requireArchive(
  call: Call,
  code: Pick<FunctionCode, 'ZipFile' | 'S3Bucket' | 'S3Key' | 'ImageUri'>,
): Uint8Array {
  const refuse = (decided: string, text = decided): Error =>
    call.why.refuse('FN-LAMBDA-2', decided, fault('InvalidParameterValueException', text));
  if (code.S3Bucket !== undefined || code.S3Key !== undefined) {
    throw refuse('Poolbench has no S3; send the code as ZipFile.');
  }
  if (code.ImageUri !== undefined) throw refuse('Poolbench runs no container images; send the code as ZipFile.');
  if (!code.ZipFile?.length) throw refuse('Please provide a source for function code.');
  try {
    if (unzip(code.ZipFile).length === 0) throw new Error('The archive is empty');
  } catch (error) {
    throw refuse(
      `${(error as Error).message}.`,
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  }
  return code.ZipFile;
}

function archiveFacts(archive: Uint8Array): Pick<FunctionSettings, 'CodeSha256' | 'CodeSize'> {
  return { CodeSha256: createHash('sha256').update(archive).digest('base64'), CodeSize: archive.length };
}

function getFunction(input: GetFunctionRequest, call: Call, services: Needs): GetFunctionResponse {
  const record = requireFunction(call, input.FunctionName, services);
  const { Tags } = record.settings;
  return {
    Configuration: functionConfiguration(record),
    // AWS gives a link to the archive in its own bucket here, which the bench does not have.
    Code: { RepositoryType: 'S3' },
    ...(Tags ? { Tags: { ...Tags } } : {}),
  };
}

function listFunctions(input: ListFunctionsRequest, call: Call, services: Needs): ListFunctionsResponse {
  const scope = `ListFunctions:${call.account}:${call.region}`;
  const after = input.Marker === undefined ? '' : readPageToken(scope, input.Marker);
  if (after === undefined) {
    throw call.why.refuse(
      'FN-LAMBDA-6',
      'The marker was not made for this listing.',
      // guessed wording: no source found
      fault('InvalidParameterValueException', 'Invalid marker.'),
    );
  }
  const limit = Math.min(input.MaxItems ?? PAGE, PAGE);
  const found = services.functions.page(call.account, call.region, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    Functions: page.map(functionConfiguration),
    ...(found.length > page.length && last ? { NextMarker: pageToken(scope, last.name) } : {}),
  };
}

async function updateFunctionCode(
  input: UpdateFunctionCodeRequest,
  call: Call,
  services: Needs,
): Promise<FunctionConfiguration> {
  const record = requireFunction(call, input.FunctionName, services);
  requireRevision(call, record, input.RevisionId);
  const archive = requireArchive(call, input);
  if (input.DryRun) return { ...functionConfiguration(record), ...archiveFacts(archive) };
  const { account, region, name, settings } = record;
  const updated = await services.lambda.register(
    { account, region, name, code: { kind: 'zip', archive }, settings: { ...settings, ...archiveFacts(archive) } },
    false,
  );
  call.why.choose('FN-LAMBDA-1', 'The next invocation runs the new code.', { function: name });
  return functionConfiguration(updated);
}

function requireRevision(call: Call, record: FunctionRecord, asked: string | undefined): void {
  if (asked === undefined || asked === record.revision) return;
  throw call.why.refuse(
    'FN-LAMBDA-7',
    'The function has changed since the revision that was named.',
    fault(
      'PreconditionFailedException',
      'The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId',
    ),
  );
}

function deleteFunction(input: DeleteFunctionRequest, call: Call, services: Needs): DeleteFunctionResponse {
  const record = requireFunction(call, input.FunctionName, services);
  services.lambda.remove(record);
  call.why.choose('FN-LAMBDA-8', 'The function and its invocations are gone; pools that name it will fail.', {
    function: record.name,
  });
  return { StatusCode: 204 };
}

function addPermission(input: AddPermissionRequest, call: Call, services: Needs): AddPermissionResponse {
  const record = requireFunction(call, input.FunctionName, services);
  requireRevision(call, record, input.RevisionId);
  if (record.policy.some(({ Sid }) => Sid === input.StatementId)) {
    throw call.why.refuse(
      'FN-LAMBDA-9',
      'The policy has a statement of this id.',
      fault(
        'ResourceConflictException',
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      ),
    );
  }
  const statement: PermissionStatement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: record.arn,
    ...conditionOf(input),
  };
  services.store.write((tx) => {
    services.functions.setPolicy(record, [...record.policy, statement]);
    tx.announce('function.changed', { account: record.account, name: record.name });
  });
  call.why.choose('FN-PERMIT-1', `${input.Principal} may run the function.`, { function: record.name });
  return { Statement: JSON.stringify(statement) };
}

function principalOf(principal: string): PermissionStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function conditionOf({ SourceArn, SourceAccount }: AddPermissionRequest): Pick<PermissionStatement, 'Condition'> {
  const Condition = {
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return Object.keys(Condition).length > 0 ? { Condition } : {};
}
