// Verifies Open Badges with other people's software: npm's @digitalbazaar/vc, its cryptosuite and its JSON-LD processor.
// Only the status list's bit is read by hand, since the package for that is not among Cairn's; the list's own proof is verified.
//
// Usage: node verify.mjs CONTEXTS CREDENTIAL [BASE]
//   CONTEXTS    the folder that assets/contexts.mjs wrote
//   CREDENTIAL  a file, an http address, or - for standard input; may be a JSON list of credentials
//   BASE        where to fetch from instead of the addresses' own host, e.g. http://127.0.0.1:8000
// Prints {"verified": true, "errors": []}, or a list of those for a list. Nothing but did.json and status lists is fetched.
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {contextsOf} from './contexts.mjs';

const [folder, source, base] = process.argv.slice(2);
const loadContext = contextsOf(folder);
const fetched = new Map();

async function get(url) {
  const target = base ? new URL(new URL(url).pathname, base) : new URL(url);
  if(!fetched.has(target.href)) {
    const response = await fetch(target, {headers: {accept: 'application/json'}});
    if(!response.ok) {
      throw new Error(`${target} answers ${response.status}`);
    }
    fetched.set(target.href, await response.json());
  }
  return structuredClone(fetched.get(target.href));
}

function didWebAddress(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  const scheme = /^localhost(:\d+)?$/.test(host) ? 'http' : 'https';
  return `${scheme}://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

async function documentLoader(url) {
  if(!url.startsWith('did:web:')) {
    return loadContext(url);
  }
  const did = url.split('#')[0];
  const controller = await get(didWebAddress(did));
  const method = controller.verificationMethod.find(each => each.id === url);
  if(url !== did && !method) {
    throw new Error(`${did} has no key ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: url === did ? controller : method};
}

async function checkStatus({credential}) {
  try {
    for(const entry of [credential.credentialStatus].flat()) {
      const list = await get(entry.statusListCredential);
      const result = await vc.verifyCredential({credential: list, suite: new DataIntegrityProof({cryptosuite}), documentLoader});
      const {encodedList, statusPurpose} = list.credentialSubject;
      const index = Number(entry.statusListIndex);
      const bits = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'));
      const problem = !result.verified ? 'is not signed as it should be' :
        list.id !== entry.statusListCredential ? 'has another address' :
          list.issuer !== credential.issuer.id ? 'is of another issuer' :
            statusPurpose !== entry.statusPurpose ? 'is for another purpose' :
              encodedList[0] !== 'u' || bits.length < 16 * 1024 || !(index < bits.length * 8) ? 'is malformed' :
                bits[index >> 3] & 0x80 >> index % 8 ? 'says that the credential is revoked' : null;
      if(problem) {
        return {verified: false, error: new Error(`The status list ${problem}`)};
      }
    }
    return {verified: true};
  } catch(error) {
    return {verified: false, error};
  }
}

async function verify(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus});
  const errors = [result.error, result.statusResult?.error].filter(Boolean).flatMap(error => error.errors ?? [error]);
  return {verified: result.verified, errors: errors.map(error => error.message)};
}

const text = source === '-' ? readFileSync(0, 'utf8') :
  /^https?:/.test(source) ? JSON.stringify(await get(source)) : readFileSync(source, 'utf8');
const given = JSON.parse(text);
const results = [];
for(const credential of [given].flat()) {
  results.push(await verify(credential));
}
console.log(JSON.stringify(Array.isArray(given) ? results : results[0]));
