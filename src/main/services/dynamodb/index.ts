/**
 * The part of DynamoDB that shows what vended credentials may do: tables and their items, with expressions, indexes,
 * batches and transactions. What a policy allows is decided in services/iam; here is only what it is asked (permissions.ts).
 */
import type { Family } from '../family.ts';
import { batch } from './batch.ts';
import { items } from './items.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';
import { tables } from './tables.ts';
import { transactions } from './transactions.ts';

export const families: readonly Family[] = [tables, items, query, scan, batch, transactions];
