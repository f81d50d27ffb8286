/** What dpkg runs around an installation, by the name of the file. Debian Policy, chapter 6, says with which arguments. */
export const MAINTAINER_SCRIPTS: Readonly<Record<'postinst' | 'prerm' | 'postrm', string>> = {
  postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  if ! getent passwd promweave >/dev/null; then
    useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin promweave
  fi
  if [ -z "$2" ]; then
    # It may hold passwords. Who changed that on purpose finds it so after an upgrade.
    chown root:promweave /etc/promweave/promweave.yml
    chmod 0640 /etc/promweave/promweave.yml
    echo 'Name your servers in /etc/promweave/promweave.yml, then: systemctl enable --now promweave'
  fi
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    # An upgrade takes effect where the service runs. Nothing is started that was not.
    systemctl try-restart promweave.service
  fi
fi
`,
  prerm: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now promweave.service || true
fi
`,
  postrm: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
if [ "$1" = purge ]; then
  rm -rf /var/log/promweave
  if getent passwd promweave >/dev/null; then userdel promweave; fi
fi
`,
};
