import type { Request, Response } from 'express';
import { BENCH_PATH } from '../../shared/bench-api.ts';
import type { ImportUploadRefusal, Services } from '../services/services.ts';

/**
 * Where the files of import jobs are put. The address takes the place of one of S3 that was signed beforehand: its
 * token is all that is asked for, and refusals are written as S3 writes them.
 */
export const IMPORT_PATH = `${BENCH_PATH}/import/`;

const ENCRYPTION_HEADER = 'x-amz-server-side-encryption';

interface S3Error {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const REFUSALS: { readonly [Why in ImportUploadRefusal | 'method' | 'unencrypted' | 'too-large']: S3Error } = {
  unknown: {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message: 'The request signature we calculated does not match the signature you provided.',
  },
  expired: { status: 403, code: 'AccessDenied', message: 'Request has expired' },
  // No address of S3 could tell; the file would have no effect.
  started: { status: 409, code: 'OperationAborted', message: 'The import job was started already.' },
  method: {
    status: 405,
    code: 'MethodNotAllowed',
    message: 'The specified method is not allowed against this resource.',
  },
  unencrypted: {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message: `The header ${ENCRYPTION_HEADER}: aws:kms is part of the signature and missing.`,
  },
  'too-large': {
    status: 400,
    code: 'EntityTooLarge',
    message: 'Your proposed upload exceeds the maximum allowed size',
  },
};

export function takeImportFile(
  request: Request,
  response: Response,
  { userImports }: Pick<Services, 'userImports'>,
): Promise<void> {
  const refuse = (why: keyof typeof REFUSALS): Promise<void> => {
    const { status, code, message } = REFUSALS[why];
    // What still comes is read and dropped, so that the client, still sending, gets to see the answer.
    request.resume();
    response
      .status(status)
      .set('Connection', 'close')
      .type('application/xml')
      .send(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
    return Promise.resolve();
  };
  if (request.method !== 'PUT') return refuse('method');
  if (request.headers[ENCRYPTION_HEADER] !== 'aws:kms') return refuse('unencrypted');
  const token = new URLSearchParams(request.url.split('?')[1] ?? '').get('token') ?? '';
  const upload = userImports.upload(request.path.slice(IMPORT_PATH.length), token);
  if (typeof upload === 'string') return refuse(upload);

  return new Promise((resolve, reject) => {
    let isOver = false;
    const over = (work: () => void): void => {
      if (isOver) return;
      isOver = true;
      try {
        work();
        resolve();
      } catch (error) {
        reject(error);
      }
    };
    request.on('data', (bytes: Buffer) => {
      if (isOver) return;
      try {
        if (upload.write(bytes) === 'ok') return;
        over(() => {
          upload.abandon();
          void refuse('too-large');
        });
      } catch (error) {
        isOver = true;
        reject(error);
      }
    });
    request.on('end', () =>
      over(() => {
        if (upload.complete() === 'started') void refuse('started');
        else response.status(200).set(ENCRYPTION_HEADER, 'aws:kms').end();
      }),
    );
    // The connection ended before the file did.
    request.on('close', () => over(() => upload.abandon()));
  });
}
