import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { firstExpiry } from '../../src/app/certificates.ts';
import { PemFiles } from '../../src/app/pem-files.ts';
import { CERTIFICATES, RENEWED } from '../support/certificates.ts';

const FIRST = { ca: CERTIFICATES.ca, ...CERTIFICATES.server };
const SECOND = { ca: RENEWED.ca, ...RENEWED.server };
type Texts = typeof FIRST;

function write(folder: string, { ca, cert, key }: Texts): void {
  writeFileSync(join(folder, 'ca.crt'), ca);
  writeFileSync(join(folder, 'tls.crt'), cert);
  writeFileSync(join(folder, 'tls.key'), key);
}

function start(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-pem-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const names = {
    ca: join(folder, 'ca.crt'),
    cert: join(folder, 'tls.crt'),
    key: join(folder, 'tls.key'),
  };
  const notes: string[] = [];
  const open = (files: ConstructorParameters<typeof PemFiles>[0] = names): PemFiles =>
    new PemFiles(files, (level, message) => notes.push(`${level} ${message}`));
  return { folder, names, notes, open };
}

describe('PEM files', () => {
  it('are the same object until they change', (t) => {
    const { folder, open, notes } = start(t);
    write(folder, FIRST);
    const files = open();
    const texts = files.current();
    assert.deepEqual(texts, FIRST);
    assert.equal(files.current(), texts);
    write(folder, FIRST);
    assert.equal(files.current(), texts, 'written anew with the same content');
    assert.deepEqual(notes, []);
  });

  it('are read again when they are written in place', (t) => {
    const { folder, names, open, notes } = start(t);
    write(folder, FIRST);
    const files = open();
    write(folder, SECOND);
    assert.equal(files.expiry(), firstExpiry(FIRST.cert));
    assert.deepEqual(files.current(), SECOND);
    assert.equal(files.expiry(), firstExpiry(SECOND.cert));
    assert.deepEqual(notes, [`info TLS files were read again: ${names.ca}, ${names.cert}, ${names.key}`]);
  });

  it('are read again when others are moved into their place', (t) => {
    const { folder, names, open } = start(t);
    write(folder, FIRST);
    const files = open();
    writeFileSync(join(folder, 'new'), RENEWED.ca);
    renameSync(join(folder, 'new'), names.ca);
    assert.equal(files.current().ca, RENEWED.ca);
  });

  it('are read again when the folder of a volume is swapped behind a link', (t) => {
    const { folder, open } = start(t);
    for (const [name, texts] of [
      ['..1', FIRST],
      ['..2', SECOND],
    ] as const) {
      mkdirSync(join(folder, name));
      write(join(folder, name), texts);
    }
    symlinkSync('..1', join(folder, '..data'));
    for (const name of ['ca.crt', 'tls.crt', 'tls.key'])
      symlinkSync(join('..data', name), join(folder, name));
    const files = open();
    assert.deepEqual(files.current(), FIRST);
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    assert.deepEqual(files.current(), SECOND);
  });

  const BROKEN: Readonly<Record<string, readonly [damage: (folder: string) => void, problem: RegExp]>> = {
    'is gone': [
      (folder) => rmSync(join(folder, 'tls.key'), { force: true }),
      /^warn cannot read .*tls\.key: there is no such file/,
    ],
    'cannot be reached': [
      (folder) => {
        rmSync(join(folder, 'tls.key'), { force: true });
        symlinkSync('tls.key', join(folder, 'tls.key'));
      },
      /^warn cannot read .*tls\.key: its links lead in a circle/,
    ],
    'is empty': [
      (folder) => writeFileSync(join(folder, 'ca.crt'), ''),
      /^warn .*ca\.crt holds no whole certificates in PEM format/,
    ],
    'is cut': [
      (folder) => writeFileSync(join(folder, 'ca.crt'), RENEWED.ca + RENEWED.ca.slice(0, 200)),
      /^warn .*ca\.crt holds no whole certificates/,
    ],
    'is damaged': [
      (folder) => writeFileSync(join(folder, 'ca.crt'), RENEWED.ca.replace(/\n.*\n/, '\nAAAA\n')),
      /^warn .*ca\.crt holds a damaged certificate/,
    ],
    'does not fit the other': [
      (folder) => writeFileSync(join(folder, 'tls.crt'), RENEWED.server.cert),
      /^warn .*tls\.crt and .*tls\.key are no certificate with its key: .*key values mismatch/,
    ],
    'of the certificate is empty': [
      (folder) => writeFileSync(join(folder, 'tls.crt'), ''),
      /^warn .*tls\.crt and .*tls\.key are no certificate with its key/,
    ],
  };
  for (const [what, [damage, problem]] of Object.entries(BROKEN))
    it(`of which one ${what} leave the former ones in use, which is said once`, (t) => {
      const { folder, open, notes } = start(t);
      write(folder, FIRST);
      const files = open();
      const texts = files.current();
      damage(folder);
      assert.equal(files.current(), texts);
      damage(folder);
      writeFileSync(join(folder, 'ca.crt'), readFileSync(join(folder, 'ca.crt')));
      assert.equal(files.current(), texts);
      assert.equal(notes.length, 1);
      assert.match(notes[0]!, problem);
      assert.match(notes[0]!, /what was read before stays in use/);
      rmSync(join(folder, 'tls.key'), { force: true });
      write(folder, SECOND);
      assert.deepEqual(files.current(), SECOND);
      assert.match(notes[1]!, /^info TLS files were read again/);
    });

  it('that cannot be used at the start are refused by name', (t) => {
    const { folder, names, open } = start(t);
    assert.throws(() => open(), {
      kind: 'bad_data',
      message: /^cannot read .*ca\.crt: there is no such file/,
    });
    write(folder, { ...FIRST, ca: 'nothing' });
    assert.throws(() => open(), { kind: 'bad_data', message: /ca\.crt holds no whole certificates/ });
    assert.throws(() => open({ cert: names.cert }), {
      kind: 'bad_data',
      message: /tls\.crt is of no use alone: a certificate and its key are set together/,
    });
  });
});
