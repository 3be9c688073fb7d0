import { pino, type Logger as PinoLogger } from 'pino';

export type Logger = Pick<PinoLogger, 'info' | 'warn' | 'error' | 'debug'>;
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** JSON lines on stderr, so that stdout carries nothing but the ready line. Secrets never reach it. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ['*.password', '*.secret', '*.token', '*.authorization', 'password', 'secret', 'token', 'authorization'],
        censor: '(masked)',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
