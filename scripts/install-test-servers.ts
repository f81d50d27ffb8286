/** Installs the real servers that the tests start, from Debian's packages, where they are missing. */
import { ALL_PACKAGES, installPackages } from './debian-packages.ts';

installPackages(ALL_PACKAGES, {
  whatFor: 'what the tests start',
  otherwise: 'Tests against real servers will fail',
});
