/**
 * E-mail and SMS that the user pools send: kept in an inbox, where people, the page and tests read them, and
 * never sent anywhere. What a message says is decided by the service that sends it.
 */
export { createInbox } from './inbox.ts';
