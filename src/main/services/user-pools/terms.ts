import type {
  CreateTermsRequest,
  CreateTermsResponse,
  DeleteTermsRequest,
  DescribeTermsByClientRequest,
  DescribeTermsByClientResponse,
  DescribeTermsRequest,
  DescribeTermsResponse,
  ListTermsRequest,
  ListTermsResponse,
  TermsType,
  UpdateTermsRequest,
  UpdateTermsResponse,
} from '../../../shared/aws/cognito-idp.ts';
import { fault } from '../../kernel/fault.ts';
import { pageToken, readPageToken } from '../../kernel/paging.ts';
import type { TermsRecord } from '../../store/repositories/branding.ts';
import type { UserPoolRecord } from '../../store/repositories/user-pools.ts';
import { type Call, family } from '../family.ts';
import type { Services } from '../services.ts';
import { poolResource, requireClient, requirePool } from './lookup.ts';
import { badPageToken } from './pools.ts';

type Needs = Pick<Services, 'appClients' | 'branding' | 'ids' | 'store' | 'userPools'>;

const NOTE = 'kept; the pages of managed login that link to them come later';

export const terms = family<'cognito-idp', Needs>('cognito-idp', 'terms', {
  CreateTerms: { resources: poolResource, note: NOTE, run: createTerms },
  DescribeTerms: { resources: poolResource, run: describeTerms },
  DescribeTermsByClient: { resources: poolResource, run: describeTermsByClient },
  UpdateTerms: { resources: poolResource, note: NOTE, run: updateTerms },
  DeleteTerms: { resources: poolResource, run: deleteTerms },
  ListTerms: { resources: poolResource, run: listTerms },
});

// The most that one answer lists.
const PAGE = 60;
const DEFAULT_LANGUAGE = 'cognito:default';

function createTerms(input: CreateTermsRequest, call: Call, services: Needs): CreateTermsResponse {
  const { branding, ids, store } = services;
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  const document: TermsRecord = {
    id: ids.uuid(),
    account: pool.account,
    userPoolId: pool.id,
    clientId: client.id,
    name: input.TermsName,
    source: input.TermsSource,
    enforcement: input.Enforcement,
    links: checkedLinks(call, input.Links),
    createdAt: call.now,
    modifiedAt: call.now,
  };
  store.write((tx) => {
    requireFreeName(call, document, services);
    branding.insertTerms(document);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  return { Terms: termsType(document) };
}

/** A page in a language without a link of its own takes the default one, so that has to be there. */
function checkedLinks(call: Call, links: TermsRecord['links'] | undefined): TermsRecord['links'] {
  if (links?.[DEFAULT_LANGUAGE]) return links;
  throw call.why.refuse(
    'UP-TERMS-2',
    'There is no link for the default language.',
    // guessed wording: no source found
    fault('InvalidParameterException', `Links must contain a link for ${DEFAULT_LANGUAGE}.`),
    { languages: Object.keys(links ?? {}) },
  );
}

function requireFreeName(call: Call, document: TermsRecord, { branding }: Needs): void {
  const other = branding.termsOfClient(document.clientId, document.name);
  if (!other || other.id === document.id) return;
  throw call.why.refuse(
    'UP-TERMS-1',
    'The client has a document of this name already.',
    // guessed wording: no source found
    fault('TermsExistsException', `Terms ${document.name} already exist for this app client.`),
    { client: document.clientId },
  );
}

function describeTerms(input: DescribeTermsRequest, call: Call, services: Needs): DescribeTermsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  return { Terms: termsType(requireTerms(call, pool, input.TermsId, services)) };
}

function describeTermsByClient(
  input: DescribeTermsByClientRequest,
  call: Call,
  services: Needs,
): DescribeTermsByClientResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const client = requireClient(call, pool, input.ClientId, services);
  const document = services.branding.termsOfClient(client.id, input.TermsName);
  if (!document) throw noTerms(call, { client: client.id, name: input.TermsName });
  return { Terms: termsType(document) };
}

function updateTerms(input: UpdateTermsRequest, call: Call, services: Needs): UpdateTermsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const current = requireTerms(call, pool, input.TermsId, services);
  const document: TermsRecord = {
    ...current,
    name: input.TermsName ?? current.name,
    source: input.TermsSource ?? current.source,
    enforcement: input.Enforcement ?? current.enforcement,
    links: input.Links ? checkedLinks(call, input.Links) : current.links,
    modifiedAt: call.now,
  };
  services.store.write((tx) => {
    requireFreeName(call, document, services);
    services.branding.updateTerms(document);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
  call.why.choose('UP-TERMS-3', 'What was given is replaced; the rest stays.');
  return { Terms: termsType(document) };
}

function deleteTerms(input: DeleteTermsRequest, call: Call, services: Needs): void {
  const pool = requirePool(call, input.UserPoolId, services);
  const document = requireTerms(call, pool, input.TermsId, services);
  services.store.write((tx) => {
    services.branding.deleteTerms(document.id);
    tx.announce('user-pool.changed', { account: pool.account, userPoolId: pool.id });
  });
}

function listTerms(input: ListTermsRequest, call: Call, services: Needs): ListTermsResponse {
  const pool = requirePool(call, input.UserPoolId, services);
  const scope = `ListTerms:${pool.id}`;
  const after = input.NextToken === undefined ? '' : readPageToken(scope, input.NextToken);
  if (after === undefined) throw badPageToken(call);
  const limit = input.MaxResults ?? PAGE;
  const found = services.branding.listTerms(pool.id, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    Terms: page.map((document) => ({
      TermsId: document.id,
      TermsName: document.name,
      Enforcement: document.enforcement,
      CreationDate: document.createdAt,
      LastModifiedDate: document.modifiedAt,
    })),
    ...(found.length > page.length && last ? { NextToken: pageToken(scope, last.id) } : {}),
  };
}

function requireTerms(call: Call, pool: UserPoolRecord, id: string, services: Needs): TermsRecord {
  const document = services.branding.findTerms(id.toLowerCase());
  if (document && document.userPoolId === pool.id) return document;
  throw noTerms(call, { terms: id });
}

function noTerms(call: Call, inputs: { readonly [name: string]: string }): Error {
  return call.why.refuse(
    'UP-TERMS-4',
    'There is no such document.',
    // guessed wording: no source found
    fault('ResourceNotFoundException', 'Terms do not exist.'),
    inputs,
  );
}

function termsType(document: TermsRecord): TermsType {
  return {
    TermsId: document.id,
    UserPoolId: document.userPoolId,
    ClientId: document.clientId,
    TermsName: document.name,
    TermsSource: document.source,
    Enforcement: document.enforcement,
    Links: { ...document.links },
    CreationDate: document.createdAt,
    LastModifiedDate: document.modifiedAt,
  };
}
