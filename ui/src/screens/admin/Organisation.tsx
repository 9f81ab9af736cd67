import { useId, useRef, useState } from "react";
import { AppFailure } from "../../backend";
import type { AdminSignInView } from "../../backend/generated/AdminSignInView";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Fold } from "../../components/Fold";
import { ForeignHosts } from "../../components/ForeignHosts";
import { Note } from "../../components/Note";
import { ProviderIcon } from "../../components/ProviderIcon";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useKeptFocus } from "../../state/focus";
import { useLocale } from "../../state/locale";
import { useOverview } from "../../state/overview";
import { missingWords, permissionWords, suiteWords } from "../../words/admin";
import { keptOnHint, keptOnWords } from "../../words/devices";
import { errorWords } from "../../words/errors";
import { counted } from "../../words/numbers";
import { whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import type { SignInAsk } from "./AdminSignInDialog";
import { AppsPanel } from "./AppsPanel";
import { NotLooked, Roles } from "./Beside";
import { Fact } from "./Fact";
import css from "./Organisation.module.css";
import { SearchFact, SearchNotes } from "./SearchFact";

type Props = {
  organisation: OrganisationView;
  /** Its next step is the strong one of the screen. */
  strong: boolean;
  onSignIn: (ask: SignInAsk) => void;
  onSignOut: () => void;
};

/** One organisation: who is signed in, what was found, and which apps are HubSpot's. */
export function Organisation({ organisation, strong, onSignIn, onSignOut }: Props) {
  const id = useId();
  const panel = useId();
  const { suite, name, sign_in, chosen, candidates, searched } = organisation;
  const section = useRef<HTMLElement>(null);
  // The search's button becomes another one when it was pressed.
  useKeptFocus(section, (box) => box.querySelector<HTMLElement>("[data-testid^=search-st]"));
  const [open, setOpen] = useState(false);
  const [toggled, setToggled] = useState(false);
  // Nothing can be planned before somebody has chosen, so the choice opens by itself. It does not close by itself.
  if (!toggled && !open && chosen.length === 0 && candidates > 0) setOpen(true);
  return (
    <section
      ref={section}
      className={css.organisation}
      aria-labelledby={id}
      data-testid="organisation"
      data-organisation={organisation.id}
    >
      <div className={css.head}>
        <ProviderIcon provider={suite === "google" ? "google" : "microsoft365"} muted={!sign_in} />
        <h3 id={id} className={css.name}>
          {name}
        </h3>
        <span className={css.faint}>{suiteWords(suite)}</span>
      </div>
      <ForeignHosts at={suite} />
      <div className={css.facts}>
        <SignInFact organisation={organisation} onSignIn={onSignIn} onSignOut={onSignOut} />
        <SearchFact organisation={organisation} strong={strong} />
        {(searched || chosen.length > 0) && (
          <AppsFact
            organisation={organisation}
            strong={strong && chosen.length === 0 && !open}
            open={open}
            panel={panel}
            onToggle={() => {
              setToggled(true);
              setOpen(!open);
            }}
          />
        )}
      </div>
      {sign_in && <SignInNotes signIn={sign_in} />}
      <SearchNotes organisation={organisation} />
      {searched && <Roles apps={chosen} />}
      {searched && <NotLooked what={organisation.not_looked_at} />}
      {open && (
        <div id={panel}>
          <AppsPanel organisation={organisation} />
        </div>
      )}
    </section>
  );
}

function SignInFact({ organisation: { suite, sign_in }, onSignIn, onSignOut }: Omit<Props, "strong">) {
  const locale = useLocale();
  const { workspace } = useOverview();
  if (!sign_in) {
    return (
      <Fact
        mark="none"
        state={m.admin_nobody()}
        detail={workspace.sample ? m.admin_sample_hint() : m.admin_nobody_hint()}
        testid="fact-sign-in"
        actions={
          !workspace.sample && (
            <Button
              small
              onPress={() => onSignIn({ suite, expect: null })}
              data-testid="organisation-sign-in"
            >
              {m.admin_sign_in_short()}
            </Button>
          )
        }
      />
    );
  }
  return (
    <Fact
      mark={sign_in.refused_since ? "lost" : "ok"}
      testid="fact-sign-in"
      state={
        <>
          <span className={css.account}>{sign_in.account}</span>
          {sign_in.read_only && <Badge>{m.admin_read_only()}</Badge>}
          {sign_in.kept_on && (
            <Badge hint={keptOnHint(sign_in.kept_on)}>{keptOnWords(sign_in.kept_on)}</Badge>
          )}
          {sign_in.this_run_only && <Badge hint={m.badge_this_run_hint()}>{m.badge_this_run()}</Badge>}
        </>
      }
      detail={m.admin_signed_by({ name: whole(sign_in.by), time: whenWords(sign_in.at, locale) })}
      actions={
        <>
          {(sign_in.refused_since || sign_in.kept_on) && (
            <Button
              small
              onPress={() => onSignIn({ suite, expect: sign_in.account })}
              data-testid="organisation-sign-in"
            >
              {m.admin_sign_in_again()}
            </Button>
          )}
          <Button small onPress={onSignOut} data-testid="organisation-sign-out">
            {m.admin_sign_out()}
          </Button>
        </>
      }
    >
      <Fold title={m.admin_allows()} testid="allows">
        <ul className={css.allowed}>
          {sign_in.permissions.map((permission) => (
            <li key={permission}>
              <StateMark mark="ok" />
              <T>{permissionWords(permission)}</T>
            </li>
          ))}
        </ul>
      </Fold>
    </Fact>
  );
}

/** What has to be known of a sign-in: that it is refused, and what is not possible with it. */
function SignInNotes({ signIn }: { signIn: AdminSignInView }) {
  const locale = useLocale();
  return (
    <>
      {signIn.refused_since && (
        <Note
          tone="warn"
          title={m.admin_refused({ time: whenWords(signIn.refused_since, locale) })}
          testid="sign-in-refused"
        >
          {signIn.refused_by ? (
            <>
              <T>{m.admin_refused_hint_named()}</T> <T>{errorWords(AppFailure.from(signIn.refused_by))}</T>
            </>
          ) : (
            <T>{m.admin_refused_hint()}</T>
          )}
        </Note>
      )}
      {signIn.missing.length > 0 && (
        <ul className={css.missing} aria-label={m.admin_missing()} data-testid="missing">
          {signIn.missing.map((permission) => (
            <li key={permission}>
              <StateMark mark={signIn.read_only ? "none" : "warn"} />
              <span>
                <T>{missingWords(permission)}</T>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function AppsFact({
  organisation: { chosen, candidates },
  strong,
  open,
  panel,
  onToggle,
}: {
  organisation: OrganisationView;
  strong: boolean;
  open: boolean;
  panel: string;
  onToggle: () => void;
}) {
  const locale = useLocale();
  const names = chosen.map((app) => whole(app.name)).join(m.list_comma());
  return (
    <Fact
      mark={chosen.length > 0 ? "said" : "unknown"}
      testid="fact-apps"
      state={chosen.length > 0 ? m.apps_chosen({ names }) : m.apps_none_chosen()}
      detail={
        candidates === 0
          ? m.apps_no_candidates()
          : chosen.length > 0
            ? m.apps_more_candidates(counted(candidates, locale))
            : m.apps_candidates(counted(candidates, locale))
      }
      actions={
        <Button
          small
          tone={strong ? "strong" : "plain"}
          aria-expanded={open}
          aria-controls={open ? panel : undefined}
          onPress={onToggle}
          data-testid="apps-toggle"
        >
          {open ? m.apps_hide() : m.apps_choose()}
        </Button>
      }
    />
  );
}
