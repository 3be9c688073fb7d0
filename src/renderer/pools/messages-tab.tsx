import { Choices } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Pair } from '../ui/form.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { previewOf, problemOf } from './message-preview.ts';
import { savePool, type PoolChange, type TabProps } from './pool.ts';
import { Panel, Settings, useDraft } from './settings.tsx';
import styles from './pool.module.css';
import own from './messages.module.css';

const CODE = 'Your confirmation code is {####}';
const CODE_SUBJECT = 'Your verification code';
const LINK = 'Please click the link below to verify your email address. {##Verify Email##}';
const LINK_SUBJECT = 'Your verification link';
const INVITE = 'Your username is {username} and temporary password is {####}.';
const INVITE_SUBJECT = 'Your temporary password';
const SMS_MFA = 'Your authentication code is {####}.';

const KINDS = [
  { value: 'CONFIRM_WITH_CODE', text: 'A code', hint: 'That the person types into the app.' },
  { value: 'CONFIRM_WITH_LINK', text: 'A link', hint: 'That confirms by itself.' },
] as const;

const SENDERS = [
  { value: 'COGNITO_DEFAULT', text: 'Cognito', hint: 'As no-reply@verificationemail.com; e-mail MFA is not possible.' },
  { value: 'DEVELOPER', text: 'An address of your own', hint: 'A verified identity of SES, by its ARN.' },
] as const;

export function MessagesTab({ pool }: TabProps) {
  const template = pool.VerificationMessageTemplate ?? {};
  const invite = pool.AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  const email = pool.EmailConfiguration ?? {};
  const saved = {
    kind: template.DefaultEmailOption ?? ('CONFIRM_WITH_CODE' as const),
    codeSubject: template.EmailSubject ?? CODE_SUBJECT,
    code: template.EmailMessage ?? CODE,
    linkSubject: template.EmailSubjectByLink ?? LINK_SUBJECT,
    link: template.EmailMessageByLink ?? LINK,
    sms: template.SmsMessage ?? CODE,
    inviteSubject: invite.EmailSubject ?? INVITE_SUBJECT,
    invite: invite.EmailMessage ?? INVITE,
    inviteSms: invite.SMSMessage ?? INVITE,
    smsMfa: pool.SmsAuthenticationMessage ?? SMS_MFA,
    sender: email.EmailSendingAccount ?? ('COGNITO_DEFAULT' as const),
    source: email.SourceArn ?? '',
    from: email.From ?? '',
    replyTo: email.ReplyToEmailAddress ?? '',
  };
  const draft = useDraft(saved);
  const { value, change } = draft;
  const save = () => savePool(pool, changeOf(pool, saved, value));
  const byLink = value.kind === 'CONFIRM_WITH_LINK';
  return (
    <Settings label="Messages" draft={draft} save={save}>
      <Panel title="Verification">
        <Choices label="E-mail carries" value={value.kind} choices={KINDS} onChange={(kind) => change({ kind })} />
        {byLink ? (
          <Template
            name="Verification by link"
            subject={value.linkSubject}
            text={value.link}
            problem={problemOf(value.link, 'link')}
            onSubject={(linkSubject) => change({ linkSubject })}
            onText={(link) => change({ link })}
          />
        ) : (
          <Template
            name="Verification by code"
            subject={value.codeSubject}
            text={value.code}
            problem={problemOf(value.code, 'code')}
            onSubject={(codeSubject) => change({ codeSubject })}
            onText={(code) => change({ code })}
          />
        )}
        <Template
          name="Verification by SMS"
          text={value.sms}
          problem={problemOf(value.sms, 'code')}
          onText={(sms) => change({ sms })}
        />
      </Panel>
      <Panel title="Invitation">
        <Template
          name="Invitation by e-mail"
          subject={value.inviteSubject}
          text={value.invite}
          problem={problemOf(value.invite, 'code and name')}
          onSubject={(inviteSubject) => change({ inviteSubject })}
          onText={(text) => change({ invite: text })}
        />
        <Template
          name="Invitation by SMS"
          text={value.inviteSms}
          problem={problemOf(value.inviteSms, 'code and name')}
          onText={(inviteSms) => change({ inviteSms })}
        />
      </Panel>
      <Panel title="Second factor">
        <Template
          name="Sign-in code by SMS"
          text={value.smsMfa}
          problem={problemOf(value.smsMfa, 'code')}
          onText={(smsMfa) => change({ smsMfa })}
        />
      </Panel>
      <Panel title="Sender of e-mail">
        <Choices label="Sent by" value={value.sender} choices={SENDERS} onChange={(sender) => change({ sender })} />
        <Pair>
          {value.sender === 'DEVELOPER' && (
            <Field
              label="Identity (ARN)"
              placeholder="arn:aws:ses:us-east-1:000000000000:identity/hello@example.test"
              value={value.source}
              onChange={(source) => change({ source })}
              mono
            />
          )}
          {value.sender === 'DEVELOPER' && (
            <Field
              label="From"
              placeholder="Example <hello@example.test>"
              value={value.from}
              onChange={(from) => change({ from })}
            />
          )}
          <Field label="Reply to" value={value.replyTo} onChange={(replyTo) => change({ replyTo })} />
        </Pair>
      </Panel>
    </Settings>
  );
}

interface Draft {
  readonly kind: 'CONFIRM_WITH_CODE' | 'CONFIRM_WITH_LINK';
  readonly codeSubject: string;
  readonly code: string;
  readonly linkSubject: string;
  readonly link: string;
  readonly sms: string;
  readonly inviteSubject: string;
  readonly invite: string;
  readonly inviteSms: string;
  readonly smsMfa: string;
  readonly sender: 'COGNITO_DEFAULT' | 'DEVELOPER';
  readonly source: string;
  readonly from: string;
  readonly replyTo: string;
}

/** What is as it was is left as it was, so that AWS's defaults are not written down as settings. */
function changeOf(pool: TabProps['pool'], saved: Draft, draft: Draft): PoolChange {
  const when = <Member extends object>(name: keyof Draft, member: Member): Partial<Member> =>
    draft[name] === saved[name] ? {} : member;
  const { UnusedAccountValidityDays: _days, ...invitation } = pool.AdminCreateUserConfig ?? {};
  return {
    VerificationMessageTemplate: {
      ...pool.VerificationMessageTemplate,
      DefaultEmailOption: draft.kind,
      ...when('codeSubject', { EmailSubject: draft.codeSubject }),
      ...when('code', { EmailMessage: draft.code }),
      ...when('linkSubject', { EmailSubjectByLink: draft.linkSubject }),
      ...when('link', { EmailMessageByLink: draft.link }),
      ...when('sms', { SmsMessage: draft.sms }),
    },
    AdminCreateUserConfig: {
      ...invitation,
      InviteMessageTemplate: {
        ...invitation.InviteMessageTemplate,
        ...when('inviteSubject', { EmailSubject: draft.inviteSubject }),
        ...when('invite', { EmailMessage: draft.invite }),
        ...when('inviteSms', { SMSMessage: draft.inviteSms }),
      },
    },
    ...when('smsMfa', { SmsAuthenticationMessage: draft.smsMfa }),
    EmailConfiguration: {
      EmailSendingAccount: draft.sender,
      ...(pool.EmailConfiguration?.ConfigurationSet && { ConfigurationSet: pool.EmailConfiguration.ConfigurationSet }),
      ...(draft.source && { SourceArn: draft.source }),
      ...(draft.from && { From: draft.from }),
      ...(draft.replyTo && { ReplyToEmailAddress: draft.replyTo }),
    },
  };
}

interface TemplateProps {
  readonly name: string;
  readonly subject?: string;
  readonly text: string;
  readonly problem: string | undefined;
  readonly onSubject?: (subject: string) => void;
  readonly onText: (text: string) => void;
}

const SAMPLE = { code: '123456', username: 'alice' };

/** A message as it is written, and as it will be read. */
function Template({ name, subject, text, problem, onSubject, onText }: TemplateProps) {
  return (
    <div className={own['template']}>
      <div className={own['fields']}>
        {subject !== undefined && onSubject && (
          <Field label={`${name}: subject`} value={subject} onChange={onSubject} />
        )}
        <TextArea
          label={subject === undefined ? name : `${name}: text`}
          value={text}
          onChange={onText}
          rows={3}
          invalid={problem !== undefined}
        />
        {problem && <p className={own['problem']}>{problem}</p>}
      </div>
      <figure className={own['preview']}>
        <figcaption>As it arrives</figcaption>
        {subject !== undefined && <strong>{previewOf(subject, SAMPLE)}</strong>}
        <p className={styles['note']}>{previewOf(text, SAMPLE)}</p>
      </figure>
    </div>
  );
}
