import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import email from "../email/Email.module.css";
import type { SignInAsk } from "./AdminSignInDialog";
import { Organisation } from "./Organisation";
import css from "./Organisation.module.css";

/** The organisations that an administrator is or was signed in to. */
export function OrganisationsCard({
  organisations,
  onSignIn,
  onSignOut,
}: {
  organisations: OrganisationView[];
  onSignIn: (ask: SignInAsk) => void;
  onSignOut: (organisation: OrganisationView) => void;
}) {
  const { workspace } = useOverview();
  const none = organisations.length === 0;
  // The next step is the strong one, until there is something to plan with.
  const planning = organisations.some((one) => one.accesses > 0);
  return (
    <Card
      flush
      testid="organisations-card"
      title={m.organisations_heading()}
      aside={
        !workspace.sample && (
          <>
            <span className={email.spring} />
            <Button
              tone={none ? "strong" : "plain"}
              onPress={() => onSignIn({ suite: null, expect: null })}
              data-testid="admin-sign-in"
            >
              {m.admin_sign_in()}
            </Button>
          </>
        )
      }
    >
      {none ? (
        <div className={email.empty} data-testid="organisations-empty">
          <h3>{m.organisations_empty()}</h3>
          <ol className={email.how}>
            {[m.organisations_step_in(), m.organisations_step_find(), m.organisations_step_prove()].map(
              (step) => (
                <li key={step}>
                  <T>{step}</T>
                </li>
              ),
            )}
          </ol>
        </div>
      ) : (
        <div className={css.organisations}>
          {organisations.map((organisation) => (
            <Organisation
              key={organisation.id}
              organisation={organisation}
              strong={!planning}
              onSignIn={onSignIn}
              onSignOut={() => onSignOut(organisation)}
            />
          ))}
        </div>
      )}
    </Card>
  );
}
