import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import styles from './access.module.css';

export interface Question {
  readonly action: string;
  readonly resource: string;
}

export const IDENTITY = '${cognito-identity.amazonaws.com:sub}';
const MOST_OF_A_KIND = 2;

/** What one would ask first of what is there; where nothing is, of what the documents' walk makes. */
export function firstQuestions(
  { buckets, tables }: { readonly buckets: readonly string[]; readonly tables: readonly string[] },
  { region, account }: { readonly region: string; readonly account: string },
): Question[] {
  const hasSome = buckets.length + tables.length > 0;
  const [someBuckets, someTables] = hasSome ? [buckets, tables] : [['testapp-drawings'], ['TestAppTable']];
  return [
    ...someBuckets
      .slice(0, MOST_OF_A_KIND)
      .flatMap((bucket) => [
        { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/note.txt` },
        ...(hasSome ? [{ action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${IDENTITY}/note.txt` }] : []),
      ]),
    ...someTables.slice(0, MOST_OF_A_KIND).map((table) => ({
      action: 'dynamodb:Query',
      resource: `arn:aws:dynamodb:${region}:${account}:table/${table}`,
    })),
    {
      action: 'cognito-sync:UpdateRecords',
      resource: `arn:aws:cognito-sync:${region}:${account}:identitypool/*/identity/${IDENTITY}/dataset/prefs`,
    },
  ];
}

interface QuestionsProps {
  readonly questions: readonly Question[];
  readonly onChange: (questions: readonly Question[]) => void;
}

export function Questions({ questions, onChange }: QuestionsProps) {
  const change = (at: number, part: Partial<Question>): void =>
    onChange(questions.map((question, index) => (index === at ? { ...question, ...part } : question)));
  return (
    <div className={styles['questions']}>
      <div className={styles['questionRow']} aria-hidden>
        <span>Action</span>
        <span>Resource</span>
      </div>
      {questions.map(({ action, resource }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a row is its place
        <div key={index} className={styles['questionRow']}>
          <Field
            label={`Action ${index + 1}`}
            hideLabel
            value={action}
            onChange={(value) => change(index, { action: value })}
            placeholder="s3:GetObject"
            mono
          />
          <Field
            label={`Resource ${index + 1}`}
            hideLabel
            value={resource}
            onChange={(value) => change(index, { resource: value })}
            placeholder="*"
            mono
          />
          <IconButton
            icon={Trash2}
            label={`Remove ${action || `question ${index + 1}`}`}
            onPress={() => onChange(questions.filter((_question, other) => other !== index))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon={Plus} onPress={() => onChange([...questions, { action: '', resource: '*' }])}>
          Another question
        </Button>
      </div>
    </div>
  );
}
