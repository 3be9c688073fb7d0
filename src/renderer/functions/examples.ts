/** Handlers to begin with, one for each kind of moment at which people start. */
export const EXAMPLES: readonly { readonly name: string; readonly source: string }[] = [
  {
    name: 'Confirm at sign-up',
    source: `export const handler = async (event) => {
  event.response.autoConfirmUser = true;
  event.response.autoVerifyEmail = 'email' in event.request.userAttributes;
  return event;
};
`,
  },
  {
    name: 'Refuse at sign-up',
    source: `export const handler = async (event) => {
  const { email = '' } = event.request.userAttributes;
  if (!email.endsWith('@example.test')) throw new Error('Only addresses of example.test may sign up.');
  return event;
};
`,
  },
  {
    name: 'Add a claim to tokens',
    source: `export const handler = async (event) => {
  event.response.claimsOverrideDetails = {
    claimsToAddOrOverride: { plan: 'pro' },
  };
  return event;
};
`,
  },
  {
    name: 'Write the messages',
    source: `export const handler = async (event) => {
  event.response.emailSubject = 'Welcome';
  event.response.emailMessage = \`Hello \${event.userName}, your code is \${event.request.codeParameter}.\`;
  return event;
};
`,
  },
  {
    name: 'Move a user in at sign-in',
    source: `export const handler = async (event) => {
  if (event.request.password !== 'Old-System-1') throw new Error('Unknown in the old system.');
  event.response.userAttributes = { email: \`\${event.userName}@example.test\`, email_verified: 'true' };
  event.response.finalUserStatus = 'CONFIRMED';
  event.response.messageAction = 'SUPPRESS';
  return event;
};
`,
  },
];
