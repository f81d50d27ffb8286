const CODES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EACCES: 'this user may not listen there; ports below 1024 are for root',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name could not be resolved for now',
};

/** Why a server cannot listen, as people say it, from the message of Node or of a library; that message for other causes. */
export function listenProblem(message: string): string {
  const code = Object.keys(CODES).find((each) => message.includes(each));
  return code === undefined ? message : CODES[code]!;
}
