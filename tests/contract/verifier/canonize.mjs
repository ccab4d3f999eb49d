// Canonizes each JSON-LD document of a list (stdin) as the eddsa-rdfc-2022 suite of another project does, in safe mode.
// It may take its time over tangles, where it would otherwise give up early.
// Prints a list with, for each, its N-Quads or null where it was refused. Usage: node canonize.mjs CONTEXTS < documents.json
import {readFileSync} from 'node:fs';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {contextsOf} from './contexts.mjs';

const documentLoader = contextsOf(process.argv[2]);
const results = [];
for(const document of JSON.parse(readFileSync(0))) {
  try {
    results.push(await cryptosuite.canonize(document, {documentLoader, base: null, safe: true, maxWorkFactor: Infinity}));
  } catch(error) {
    results.push(null);
  }
}
console.log(JSON.stringify(results));
