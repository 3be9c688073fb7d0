import type { LogConfigurationType } from '../../../../shared/aws/cognito-idp.ts';
import { refusal, type Refusal } from './refusal.ts';

/** Errors in sending go to CloudWatch; what users did goes anywhere, from pools of the highest tier. */
export function logProblem(logs: readonly LogConfigurationType[], tier: string | undefined): Refusal | undefined {
  // Guessed wordings throughout: no source found.
  const invalid = (message: string): Refusal => refusal('InvalidParameterException', message);
  const sources = logs.map(({ EventSource }) => EventSource);
  if (new Set(sources).size < sources.length) return invalid('Each EventSource can be configured once.');
  for (const log of logs) {
    const places = [log.CloudWatchLogsConfiguration, log.S3Configuration, log.FirehoseConfiguration];
    if (places.filter((place) => place !== undefined).length !== 1) {
      return invalid('Exactly one destination must be given for each log configuration.');
    }
    if (
      !(
        log.CloudWatchLogsConfiguration?.LogGroupArn ??
        log.S3Configuration?.BucketArn ??
        log.FirehoseConfiguration?.StreamArn
      )
    ) {
      return invalid('The destination of a log configuration needs its ARN.');
    }
    const level = log.EventSource === 'userNotification' ? 'ERROR' : 'INFO';
    if (log.LogLevel !== level) return invalid(`LogLevel of ${log.EventSource} must be ${level}.`);
    if (log.EventSource === 'userNotification' && !log.CloudWatchLogsConfiguration) {
      return invalid('userNotification logs can be delivered to CloudWatch Logs only.');
    }
    if (log.EventSource === 'userAuthEvents' && tier !== 'PLUS') {
      return refusal(
        'FeatureUnavailableInTierException',
        `Log delivery of userAuthEvents is not available in the ${tier ?? 'ESSENTIALS'} tier.`,
      );
    }
  }
  return undefined;
}
