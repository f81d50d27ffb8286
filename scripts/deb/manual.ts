import type { Command } from '../../src/cli/command.ts';
import type { Flag } from '../../src/cli/flags/flag.ts';

/** The manual page of the program (section 1), in the language of man(7). */
export function manualPage(commands: readonly Command[], version: string): string {
  const sections = commands.map((command) => {
    const also = command.aliases.length === 0 ? '' : ` Also: ${command.aliases.join(', ')}.`;
    return [
      `.SS ${escaped(command.name)}`,
      `.B ${escaped(command.usage)}`,
      '.PP',
      escaped((command.about ?? command.summary) + also),
      ...command.flags.flatMap((flag) => ['.TP', `.B ${escaped(written(flag))}`, escaped(flag.help)]),
    ].join('\n');
  });
  return `.TH PROMWEAVE 1 "" "promweave ${version}" "User Commands"
.SH NAME
promweave \\- many Prometheus servers as one
.SH SYNOPSIS
.B promweave
.I COMMAND
.RI [ FLAGS ]
.SH DESCRIPTION
promweave makes sharded, replicated Prometheus servers answer as one gap\\-free Prometheus.
.SH COMMANDS
${sections.join('\n')}
.SH FILES
.TP
.I /etc/promweave/promweave.yml
The configuration of the service. Running gateways read it again when it changes.
.TP
.I /usr/share/doc/promweave/
All keys of the configuration, and how a gateway is run.
.SH SIGNALS
SIGTERM ends the gateway once open requests were answered, SIGHUP reads the configuration again.
`;
}

function written(flag: Flag): string {
  return flag.kind === 'switch' ? `--[no-]${flag.name}` : `--${flag.name}=${flag.placeholder ?? 'VALUE'}`;
}

/** Text of which nothing is taken for a request of man(7). */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');
}
