import { judgeReach, onImportWords } from '../certainty.ts';
import { placeOfUse } from '../place.ts';
import type { Rule } from '../rule.ts';

/** A listener on the loopback for tests, a handler that is registered, a value that is made or asked. */
const LOCAL =
  /^net\/http\/httptest\.|^net\/http\.(Handle|HandleFunc|NewServeMux|NewRequest(WithContext)?|StripPrefix|TimeoutHandler|NotFoundHandler|RedirectHandler|MaxBytes(Reader|Handler)|AllowQuerySemicolons|ProxyURL|ProxyFromEnvironment|NewResponseController|NewFileTransport|FS|FileServer(FS)?|(ServeMux|HandlerFunc|Request|Header)\..*|Transport\.(Clone|CloseIdleConnections))$|^net\.(ParseCIDR|ParseIP|IPv4|Interfaces?.*|TCPAddrFromAddrPort|UDPAddrFromAddrPort)$|^net\/rpc\.(NewServer|Register(Name)?|Server\.Register(Name)?)$|^net\/smtp\.(PlainAuth|CRAMMD5Auth)$/;

/** Importing the package talks to the network. */
export const networkOnImport: Rule = {
  id: 'network-on-import',
  title: 'Uses the network when imported',
  description:
    'A call into the network packages is reached from a package variable or an init function of a package that others can import. Handlers that are only registered are left out.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1071', 'T1195.002'],
  cwe: ['CWE-506'],
  advice:
    'Do not build or import the module before you know what it contacts and why at that moment.',
  check(facts) {
    return facts.source.uses.flatMap((use) => {
      if (use.capability !== 'NETWORK' || use.trigger !== 'import' || use.reach === null) return [];
      const judged = LOCAL.test(use.symbol) ? undefined : judgeReach(facts, use.reach, use.path);
      if (judged === undefined) return [];
      // Handing functions to others is what servers do; only a call is contact.
      const severity = use.reach === 'called' && judged.severity !== 'medium' ? 'high' : 'medium';
      const message = `${onImportWords(use.reach)} reaches ${use.symbol}, which uses the network`;
      const callPath = [...use.path, { function: use.symbol }];
      return [{ confidence: judged.confidence, severity, message, ...placeOfUse(use), callPath }];
    });
  },
};
