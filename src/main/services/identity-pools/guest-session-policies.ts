/**
 * What credentials of the enhanced flow leave to a guest, whatever the role allows: an inline policy and a
 * managed one, of which either may allow (reference 2.5). The list of services is the documented one, the
 * actions within a service are taken to be all where the documentation names none. [assumed]
 */
const INLINE = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'GuestServices',
      Effect: 'Allow',
      Action: [
        'appsync:*',
        'cloudwatch:*',
        'codewhisperer:*',
        'cognito-identity:*',
        'cognito-idp:*',
        'cognito-sync:*',
        'comprehend:*',
        'dynamodb:*',
        'execute-api:*',
        'firehose:*',
        'gamelift:*',
        'geo:*',
        'iot:*',
        'kinesisanalytics:*',
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey*',
        'kms:ReEncrypt*',
        'lambda:*',
        'lex:*',
        'logs:*',
        'machinelearning:*',
        'mobileanalytics:*',
        'personalize:*',
        'polly:*',
        'rekognition:*',
        's3:*',
        'sagemaker:InvokeEndpoint',
        'sdb:*',
        'ses:*',
        'sns:*',
        'sqs:*',
        'sumerian:View*',
        'textract:AnalyzeDocument',
        'textract:DetectDocumentText',
        'transcribe:*',
        'translate:*',
      ],
      Resource: '*',
    },
  ],
};

/** `AmazonCognitoUnAuthedIdentitiesSessionPolicy`, as far as it adds anything. */
const MANAGED = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'GuestMonitoring', Effect: 'Allow', Action: ['rum:PutRumEvents'], Resource: '*' }],
};

export const guestSessionPolicies: readonly string[] = [JSON.stringify(INLINE), JSON.stringify(MANAGED)];
