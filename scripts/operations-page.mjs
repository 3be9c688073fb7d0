// The text of docs/operations.md: every operation of the models, where it lives, how its caller shows who they are,
// whether it is built, and the rules that its file goes by.

const SERVICES = {
  'cognito-idp': { title: 'User pools', folder: 'user-pools' },
  'cognito-identity': { title: 'Identity pools', folder: 'identity-pools' },
  'cognito-sync': { title: 'Sync', folder: 'sync' },
  sts: { title: 'Security Token Service', folder: 'sts' },
  iam: { title: 'Identity and Access Management', folder: 'iam' },
  lambda: { title: 'Lambda', folder: 'lambda' },
  kinesis: { title: 'Kinesis', folder: 'streams' },
  sns: { title: 'Simple Notification Service', folder: 'sns' },
  s3: { title: 'S3', folder: 's3' },
  dynamodb: { title: 'DynamoDB', folder: 'dynamodb' },
  cloudtrail: { title: 'CloudTrail', folder: 'cloudtrail' },
};

const RULE = /'([A-Z][A-Z0-9]+(?:-[A-Z][A-Z0-9]*)+-\d+)'|\[([A-Z][A-Z0-9]+(?:-[A-Z][A-Z0-9]*)+-\d+)/g;

/** How far a behaviour may be trusted, weakest first; each rule of docs/rules names its evidence. */
const STRENGTH = ['assumed', 'documented', 'verified'];
const STATE_OF = {
  recorded: 'verified',
  client: 'verified',
  docs: 'documented',
  own: 'documented',
  memory: 'assumed',
  assumed: 'assumed',
};

/**
 * @param families every family of a bench
 * @param read the text of a file of the repository
 * @param rulePages paths of the pages of docs/rules
 */
export function operationsPage(families, read, rulePages) {
  const evidence = evidenceOf(rulePages.map(read));
  const lines = [
    '# Operations',
    '',
    'Made by `npm run operations`; do not edit. An operation that is not built answers a 4xx that names it.',
    '',
    'The state of an operation is that of the rules that its file goes by: *verified* where AWS or one of its clients was seen',
    'to do so, *documented* where AWS says so, *assumed* where at least one of them rests on memory or on a guess (the file’s',
    'line counts them, and [the rules](rules) say which), *different* where an effect cannot exist on one machine.',
    '',
  ];
  const summary = [];
  const sections = [];
  for (const [service, { title, folder }] of Object.entries(SERVICES)) {
    const own = families.filter((family) => family.service === service);
    const rows = own.flatMap((family) => Object.values(family.rows));
    const built = rows.filter((row) => 'run' in row).length;
    summary.push(`| ${title} | \`${service}\` | ${built} | ${rows.length} |`);
    sections.push(`## ${title}`, '');
    for (const family of own) sections.push(...familyLines(family, folder, read, evidence));
  }
  lines.push('| Service | Client | Built | Operations |', '| --- | --- | --- | --- |', ...summary, '', ...sections);
  return `${lines.join('\n').trimEnd()}\n`;
}

function familyLines(family, folder, read, evidence) {
  const path = `src/main/services/${folder}/${family.name}.ts`;
  const rules = rulesIn(read(path));
  const states = rules.map((rule) => evidence.get(rule)).filter(Boolean);
  const weakest = STRENGTH.find((state) => states.includes(state)) ?? 'assumed';
  const counts = STRENGTH.toReversed()
    .map((state) => [state, states.filter((other) => other === state).length])
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  return [
    `### ${family.name}`,
    '',
    `[${path}](../${path})${rules.length > 0 ? ` · rules ${shorten(rules)}${counts.length > 0 ? ` (${counts.join(', ')})` : ''}` : ''}`,
    '',
    '| Operation | Authentication | State |',
    '| --- | --- | --- |',
    ...Object.entries(family.rows)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, row]) => {
        const state = 'run' in row ? (row.note ? `different: ${row.note}` : weakest) : `not built: ${row.notBuilt}`;
        return `| ${name} | ${row.auth ?? 'signature'} | ${state.replaceAll('|', '\\|')} |`;
      }),
    '',
  ];
}

/** Which rule rests on what: `[evidence: docs, memory]` is as strong as its weakest word. */
function evidenceOf(pages) {
  const states = new Map();
  for (const [, rule, words] of pages.join('\n').matchAll(/^- \*\*([A-Z0-9-]+)\*\* .*\[evidence: ([^\]]*)\]$/gm)) {
    const found = Object.keys(STATE_OF).filter((word) => new RegExp(`\\b${word}\\b`).test(words));
    states.set(
      rule,
      STRENGTH.find((state) => found.some((word) => STATE_OF[word] === state)),
    );
  }
  return states;
}

function rulesIn(source) {
  return [...new Set([...source.matchAll(RULE)].map(([, quoted, bracketed]) => quoted ?? bracketed))];
}

/** `UP-SIGNUP-1, UP-SIGNUP-2, UP-SIGNUP-4` as `UP-SIGNUP-1, -2, -4`. */
function shorten(rules) {
  const areas = new Map();
  for (const rule of rules) {
    const [, area, number] = /^(.*)-(\d+)$/.exec(rule);
    areas.set(area, [...(areas.get(area) ?? []), Number(number)]);
  }
  return [...areas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([area, numbers]) => {
      const [first, ...rest] = numbers.sort((a, b) => a - b);
      return [`${area}-${first}`, ...rest.map((number) => `-${number}`)].join(', ');
    })
    .join('; ');
}
