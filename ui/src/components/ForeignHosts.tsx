import type { SignInAt } from "../backend/generated/SignInAt";
import { m } from "../paraglide/messages";
import { useOverview } from "../state/overview";
import { providerOf } from "../words/admin";
import { Note } from "./Note";
import { T } from "./T";

/** Says that what is shown as a provider's answer comes from somewhere else. Renders nothing where it does not. */
export function ForeignHosts({ at, named = [] }: { at: SignInAt; named?: string[] }) {
  const hosts = useOverview().foreign_hosts[at];
  // What the page has named already is not said twice.
  if (hosts.every((host) => named.includes(host))) return null;
  const provider = providerOf(at);
  return (
    <Note tone="warn" title={m.foreign_hosts({ provider })} testid={`foreign-hosts-${at}`}>
      <T>{m.foreign_hosts_hint({ provider, hosts: hosts.join(", ") })}</T>
    </Note>
  );
}
