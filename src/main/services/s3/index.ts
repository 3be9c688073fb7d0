/** The part of S3 that shows what credentials may do: buckets and objects. */
import type { Family } from '../family.ts';
import { buckets } from './buckets.ts';
import { copies } from './copies.ts';
import { deletions } from './deletions.ts';
import { listings } from './listings.ts';
import { multipartUploads } from './multipart-uploads.ts';
import { objects } from './objects.ts';
import { objectTagging } from './object-tagging.ts';
import { parts } from './parts.ts';

export const families: readonly Family[] = [
  buckets,
  copies,
  deletions,
  listings,
  multipartUploads,
  objects,
  objectTagging,
  parts,
];
