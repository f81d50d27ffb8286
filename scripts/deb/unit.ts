/** What the unit of deploy/systemd says for an installation by hand, and what it says in the package. */
const CHANGES: readonly (readonly [by: RegExp, to: string])[] = [
  [/^# Copy to .*\n# It expects .*\n/, ''],
  [/^Documentation=.*$/m, 'Documentation=man:promweave(1) file:///usr/share/doc/promweave/configuration.md'],
  [/^ExecStart=.* serve /m, 'ExecStart=/usr/bin/promweave serve '],
  [
    /^# Its user has no fixed number, .*\nDynamicUser=yes$/m,
    '# The configuration is readable for this user alone. Secrets may be in files beside it, or in LoadCredential.\nUser=promweave\nGroup=promweave',
  ],
];

/** The unit as the package has it: another path of the program, and a user that the package makes. Throws where the unit was changed. */
export function packagedUnit(unit: string): string {
  return CHANGES.reduce((text, [by, to]) => {
    if (!by.test(text))
      throw new Error(
        `the unit of deploy/systemd has nothing like ${by}; change scripts/deb/unit.ts with it`,
      );
    return text.replace(by, to);
  }, unit);
}
