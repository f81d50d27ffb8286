import type { Command } from '../../src/cli/command.ts';
import type { Flag } from '../../src/cli/flags/flag.ts';

/** What bash completes: commands, the flags of each, and names of files everywhere else. */
export function bashCompletion(commands: readonly Command[]): string {
  const cases = commands.map(
    ({ name, aliases, flags }) =>
      `    ${[name, ...aliases].join('|')}) words='${[...flags.flatMap(written), '--help'].join(' ')}' ;;`,
  );
  return `# Completion of promweave for bash.
_promweave() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W '${commands.map(({ name }) => name).join(' ')} help version' -- "$word")
    return
  fi
  case "$word" in --*) ;; *)
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  # A value follows at once.
  if [ "\${#COMPREPLY[@]}" -eq 1 ] && [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o filenames -F _promweave promweave
`;
}

function written({ name, kind }: Flag): readonly string[] {
  return kind === 'switch' ? [`--${name}`, `--no-${name}`] : [`--${name}=`];
}
